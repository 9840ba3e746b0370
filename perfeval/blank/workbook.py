"""The filing workbook, blank or filled, written from the one declaration of the form. Equal arguments give equal
bytes."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from io import BytesIO

from xlsxwriter import Workbook

from perfeval.blank.layout import Filling
from perfeval.blank.sheets import SheetWriter
from perfeval.errors import UsageError
from perfeval.filing.rule_sheets import asked_sheets
from perfeval.model.form import TEMPLATE_VERSION, sheets_for
from perfeval.model.regulation import Regulation

CREATED = datetime(2026, 1, 1)  # fixed: a template carries no clock


def blank_template(kind: str, regulations: Mapping[str, Regulation], regulation_id: str, year: int | None) -> bytes:
    """The blank filing workbook of a kind of evaluation, under one of the installed regulations, as the bytes of an
    .xlsx file.

    `kind`: 部门整体 or 项目支出; `year`: pre-filled as 评价年度, None leaves it open. Raises KeyError for an unknown regulation.
    """
    return filled_template(kind, regulations, regulation_id, year, Filling())


def filled_template(
    kind: str, regulations: Mapping[str, Regulation], regulation_id: str, year: int | None, filling: Filling
) -> bytes:
    """The same workbook with values in its input cells."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties(
        {
            "title": f"{kind}绩效自评填报工作簿",
            "author": "perfeval",
            "created": CREATED,
            "comments": f"模板版本 {TEMPLATE_VERSION}",
        }
    )
    writer = SheetWriter(workbook, kind, regulations, regulations[regulation_id], year, filling)
    for sheet in (*sheets_for(kind), *asked_sheets(regulations[regulation_id])):
        writer.write(sheet)
    writer.lists.write(workbook, writer.styles)
    workbook.close()
    return buffer.getvalue()


def default_regulations() -> dict[str, str]:
    """The regulation a template is made for when none is named: kind of evaluation → regulation id."""
    return tomllib.loads(files("perfeval.regulations").joinpath("defaults.toml").read_text(encoding="utf-8"))


def template_name(kind: str) -> str:
    """`部门整体_填报模板.xlsx`"""
    return f"{kind}_填报模板.xlsx"


def blank_templates(
    regulations: Mapping[str, Regulation], regulation_id: str | None = None, year: int | None = None
) -> dict[str, bytes]:
    """The blank templates of both kinds, or the one a named regulation is for, by file name. Only the latter chooses a
    regulation for the official. Raises UsageError for an unknown regulation."""
    wanted = default_regulations()
    filling = Filling(basic={"regulation": None}) if regulation_id is None else Filling()
    if regulation_id is not None:
        if regulation_id not in regulations:
            raise UsageError(f"没有名为“{regulation_id}”的指标体系", f"可用的有：{'、'.join(regulations)}")
        wanted = {regulations[regulation_id].kind: regulation_id}
    return {
        template_name(kind): filled_template(kind, regulations, chosen, year, filling)
        for kind, chosen in wanted.items()
    }
