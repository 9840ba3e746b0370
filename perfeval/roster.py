"""The bureau's roster: which departments have to file (`--roster`), to whom each one's package goes, and by when."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from perfeval.errors import UsageError

DEPARTMENT_HEADER, RECIPIENT_HEADER, COPY_HEADER, DEADLINE_HEADER = "部门", "收件人", "抄送", "截止日期"
DEPARTMENT_HEADERS = (DEPARTMENT_HEADER, "部门名称")


@dataclass(frozen=True, slots=True)
class Contact:
    """A row of the roster as it is written there; whether the addresses can be used is for the outbox to say. `row` counts from 1."""

    row: int
    department: str
    recipient: str = ""
    copies: str = ""
    deadline: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """The departments in the roster's order, each once, and all its rows."""

    departments: tuple[str, ...]
    contacts: tuple[Contact, ...] = ()

    def missing(self, filed: Collection[str]) -> tuple[str, ...]:
        """Who has not filed; spaces, and brackets of full or half width, make no other department."""
        names = {_plain(name) for name in filed}
        return tuple(d for d in self.departments if _plain(d) not in names)

    def rows_of(self, department: str) -> tuple[Contact, ...]:
        """A department's rows: none where the roster does not know it."""
        return tuple(c for c in self.contacts if c.department == department)


def load_roster(path: Path) -> Roster:
    """Reads a roster workbook's first sheet: 部门 (or 部门名称), and where they are there 收件人, 抄送, 截止日期. Raises UsageError."""
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (OSError, CalamineError, ValueError) as error:
        raise UsageError(f"名册“{path}”读不了。", "请检查文件是否存在、是否为 .xlsx 工作簿。") from error
    for number, row in enumerate(rows, start=1):
        headers = [_text(cell) for cell in row]
        if any(header in headers for header in DEPARTMENT_HEADERS):
            contacts = tuple(_contacts(headers, rows[number:], number + 1))
            return Roster(tuple(dict.fromkeys(c.department for c in contacts)), contacts)
    raise UsageError(
        f"名册“{path}”的第一张工作表里没有“{DEPARTMENT_HEADER}”这一列。", f"请在表头写上“{DEPARTMENT_HEADER}”，下面每行一个部门。"
    )


def _contacts(headers: Sequence[str], rows: Sequence[Sequence[Any]], first: int) -> list[Contact]:
    columns = {header: headers.index(header) for header in headers if header}
    department = next(columns[h] for h in DEPARTMENT_HEADERS if h in columns)
    return [
        Contact(number, name, *(_cell(row, columns, h) for h in (RECIPIENT_HEADER, COPY_HEADER, DEADLINE_HEADER)))
        for number, row in enumerate(rows, start=first)
        if (name := _text(row[department]))
    ]


def _cell(row: Sequence[Any], columns: Mapping[str, int], header: str) -> str:
    return _text(row[columns[header]]) if header in columns else ""


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _text(value: Any) -> str:
    """A cell as text; a date cell as 2026-03-31, a whole number without its .0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value).strip()
