"""Who filed a workbook, before it is read in full: the coordinator knows department and year of every file before any
set is published."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from perfeval.excel.guard import Refused, read_file
from perfeval.excel.read import read_workbook
from perfeval.filing.headers import find
from perfeval.filing.labelled import read_labels
from perfeval.filing.sheets import named_by, predecessor_of
from perfeval.model.form import BASIC, FINDINGS_SHEET

KEYS = ("department", "year", "filing_date")


@dataclass(frozen=True, slots=True)
class Identity:
    """Department, year and 填报日期 where they can be read; sha256 and version of the workbook this one corrects ('' and 0
    for none).

    `named` is the sha256 that its 问题清单 sheet gives, also where that is of another year.
    """

    department: str | None = None
    year: int | None = None
    predecessor: str = ""
    filing_date: date | None = None
    predecessor_version: int = 0
    named: str = ""


def identify(path: Path) -> Identity:
    """What 基本情况 says; an empty Identity where the file cannot be read (the full reading says why). Other sheets are not
    looked at."""
    try:
        sheets = read_workbook(
            read_file(path), path.name, only=frozenset({BASIC.name, FINDINGS_SHEET}), whole=False
        ).sheets
    except Refused:
        return Identity()
    basic = sheets.get(BASIC.name)
    found = find(basic, BASIC)[0] if basic is not None else None
    cells = read_labels(basic, BASIC, found, KEYS).cells
    department, year, filed = (cells[key]["value"].value for key in KEYS)
    predecessor, version = predecessor_of(sheets, year)
    return Identity(department, year, predecessor, filed, version, named_by(sheets))
