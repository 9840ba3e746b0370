"""The bureau's roster: which departments have to file (`--roster`), to whom each one's package goes, and by when."""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from perfeval.errors import UsageError
from perfeval.excel.guard import Refused, read_file
from perfeval.excel.read import Fault, RawSheet, read_workbook
from perfeval.filing.headers import tidy
from perfeval.model.names import plain_name
from perfeval.model.roster import DEPARTMENT_HEADER, DEPARTMENT_HEADERS, OTHER_HEADERS

NO_DEPARTMENT = re.compile(
    r"(合计|小计|总计|共计|共(?=\d))\d*(数|家|个)?(单位|部门)?|(注|备注|说明|填表人|制表人|审核人|填表日期)\d*:.*"
)
SHORTEST_NAME = 3  # 司法局: what of a department's name is taken for it in the name of a file
MARKS = "*＊★☆▲△●○ "  # what a list puts before some of its names
BETWEEN_NAMES = re.compile(r"[；;\r\n]|[、，,](?![^（(]*[）)])")  # 、 inside brackets belongs to the name
FAULTS = {
    Fault.ERROR: ("显示“{text}”，公式出了错，读不出部门名称。", "请检查公式，或者直接填写部门名称。"),
    Fault.NEVER_CALCULATED: (
        "的公式没有计算结果，读不出部门名称。",
        "请用 Excel 或 WPS 打开名册，保存后再运行；或者直接填写部门名称。",
    ),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """A row of the roster as it is written there; whether the addresses can be used is for the outbox to say. `row`
    counts from 1.

    `former` is the cell 曾用名: one name or several; `section` is 分管股室, the part of the bureau that looks after it.
    """

    row: int
    department: str
    recipient: str = ""
    copies: str = ""
    deadline: str = ""
    former: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """The departments in the roster's order, each once, and all its rows."""

    departments: tuple[str, ...]
    contacts: tuple[Contact, ...] = ()

    def missing(self, filed: Collection[str]) -> tuple[str, ...]:
        """Who has not filed, under its name or a former one; spaces, and brackets of full or half width, make no other
        department."""
        names = {plain_name(name) for name in filed}
        names |= {plain_name(present) for former, present in self.renamed if plain_name(former) in names}
        return tuple(d for d in self.departments if plain_name(d) not in names)

    def named_by(self, files: Collection[str]) -> frozenset[str]:
        """The departments whose workbooks files that nobody can open must be, by their names: 司法局.xlsx is 青禾县司法局,
        unless another department is as much alike."""
        return frozenset(d for file in files if (d := self._named_by(plain_name(PurePath(file).stem))))

    def _named_by(self, stem: str) -> str:
        """A department ends with what is in the file's name; the longer, the likelier."""
        alike = sorted(((_common_end(plain_name(d), stem), d) for d in self.departments), reverse=True)
        best, next_best = alike[0], alike[1][0] if len(alike) > 1 else 0
        enough = min(SHORTEST_NAME, len(plain_name(best[1])))
        return best[1] if best[0] >= enough and best[0] > next_best else ""

    @property
    def repeated(self) -> tuple[str, ...]:
        """The departments that are in more than one row."""
        rows = Counter(plain_name(contact.department) for contact in self.contacts)
        return tuple(d for d in self.departments if rows[plain_name(d)] > 1)

    @property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """Each former name with the department that had it."""
        names = ((name.strip(), c.department) for c in self.contacts for name in BETWEEN_NAMES.split(c.former))
        return tuple((former, present) for former, present in names if former)

    @property
    def sections(self) -> Mapping[str, str]:
        """Each department with its 分管股室, "" where none is written."""
        written = {plain_name(c.department): c.section for c in reversed(self.contacts) if c.section}
        return {d: written.get(plain_name(d), "") for d in self.departments}

    def rows_of(self, department: str) -> tuple[Contact, ...]:
        """A department's rows, its name compared as in `missing`: none where the roster does not know it."""
        return tuple(c for c in self.contacts if plain_name(c.department) == plain_name(department))


def _common_end(department: str, stem: str) -> int:
    """How many characters of the end of a department's name are in the name of a file."""
    return next((len(department) - n for n in range(len(department)) if department[n:] in stem), 0)


def load_roster(path: Path) -> Roster:
    """Reads a roster workbook's first sheet: 部门 (or 部门名称), and where they are there 收件人, 抄送, 截止日期, 曾用名, 分管股室.

    It is read in a worker process as every workbook is, since a small file can abort the interpreter. Raises UsageError
    where it cannot be read or names no department, PerfevalError where no worker can be kept alive.
    """
    from perfeval.run.workers import read_apart  # 40 ms, and who writes a blank roster needs none

    if not os.path.exists(path):
        raise UsageError(f"找不到名册“{path}”，读不了。", "请核对文件名和它所在的文件夹。")
    try:
        return read_apart(_read, path)
    except Refused as refused:
        raise UsageError(f"名册“{path}”读不了：{refused.finding.message}", refused.finding.fix) from refused


def _read(path: Path) -> Roster:
    """In the worker. Raises Refused or UsageError."""
    content = read_file(Path(os.path.realpath(path)))  # a link to the roster is the operator's own
    sheets = read_workbook(content, path.name).sheets.values()
    return _roster_of(next(iter(sheets), None), path)


def _roster_of(sheet: RawSheet | None, path: Path) -> Roster:
    """Raises UsageError where the sheet names no department, or one that cannot be read."""
    header_row, columns = _headers(sheet) if sheet is not None else (0, {})
    if sheet is None or not columns:
        raise UsageError(
            f"名册“{path}”的第一张工作表里没有“{DEPARTMENT_HEADER}”这一列。",
            f"请在表头写上“{DEPARTMENT_HEADER}”，下面每行一个部门。",
        )
    contacts = tuple(_contacts(sheet, header_row, columns, path))
    if not contacts:
        raise UsageError(
            f"名册“{path}”里一个部门也没有填。", f"请在“{DEPARTMENT_HEADER}”下面每行填一个部门，保存后再运行。"
        )
    departments: dict[str, str] = {}
    for contact in contacts:
        departments.setdefault(plain_name(contact.department), contact.department)
    return Roster(tuple(departments.values()), contacts)


def _headers(sheet: RawSheet) -> tuple[int, dict[str, int]]:
    """The first row with a department's header, and the column of each header in it; none where there is no such
    row."""
    every_column = [(column, column) for column in range(1, sheet.width + 1)]
    for row in range(1, sheet.height + 1):
        columns: dict[str, int] = {}
        for column, cell in sheet.filled_cells(row, every_column).items():
            columns.setdefault(tidy(cell.text), column)
        if any(header in columns for header in DEPARTMENT_HEADERS):
            return row, columns
    return 0, {}


def _contacts(sheet: RawSheet, header_row: int, columns: Mapping[str, int], path: Path) -> Iterator[Contact]:
    department = next(columns[h] for h in DEPARTMENT_HEADERS if h in columns)
    for row in range(header_row + 1, sheet.height + 1):
        cell = sheet.cell(row, department)
        if cell.fault in FAULTS:
            what, remedy = FAULTS[cell.fault]
            raise UsageError(f"名册“{path}”「{sheet.name}」{cell.ref.address} {what.format(text=cell.text)}", remedy)
        name = cell.text.lstrip(MARKS)
        if name and not NO_DEPARTMENT.fullmatch(plain_name(name)):
            yield Contact(row, name, *(_text(sheet, row, columns.get(h)) for h in OTHER_HEADERS))


def _text(sheet: RawSheet, row: int, column: int | None) -> str:
    return sheet.text(row, column) if column is not None else ""
