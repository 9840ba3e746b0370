"""The bureau's roster: which departments have to file (`--roster`), to whom each one's package goes, and by when."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfeval.errors import UsageError
from perfeval.inbox import plain_name

if TYPE_CHECKING:
    from perfeval.intake.read import RawSheet

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
        names = {plain_name(name) for name in filed}
        return tuple(d for d in self.departments if plain_name(d) not in names)

    def rows_of(self, department: str) -> tuple[Contact, ...]:
        """A department's rows: none where the roster does not know it."""
        return tuple(c for c in self.contacts if c.department == department)


def load_roster(path: Path) -> Roster:
    """Reads a roster workbook's first sheet: 部门 (or 部门名称), and where they are there 收件人, 抄送, 截止日期. Raises UsageError.

    It is as little to be trusted as a filed workbook, and read like one: looked at first, in a worker, with limits.
    """
    from perfeval.workers import run_all

    (done,) = run_all(_read, [path], 1)
    if done.fault:
        raise done.fault
    if done.result is None:
        raise UsageError(
            f"名册“{path}”读不了：读取程序读它时停住或崩溃了。", "请在 Excel 或 WPS 中打开，另存为新的 .xlsx 工作簿，再运行一次。"
        )
    return done.result


def _read(path: Path) -> Roster:
    """In a worker."""
    from perfeval.intake.guard import Refused, read_file
    from perfeval.intake.read import read_workbook

    try:
        sheet = next(iter(read_workbook(read_file(path), path.name).sheets.values()))
    except Refused as refused:
        raise UsageError(f"名册“{path}”读不了：{refused.finding.message}", refused.finding.fix) from None
    except StopIteration:
        raise UsageError(f"名册“{path}”里没有工作表。", "请换成有“部门”一列的 .xlsx 工作簿。") from None
    for number in range(1, sheet.height + 1):
        headers = {sheet.cell(number, column).text: column for column in range(sheet.width, 0, -1)}
        department = next((headers[header] for header in DEPARTMENT_HEADERS if header in headers), None)
        if department is not None:
            contacts = tuple(_contacts(path, sheet, headers, department, number + 1))
            if not contacts:
                raise UsageError(f"名册“{path}”的“{DEPARTMENT_HEADER}”一列下面没有部门。", "请每行写一个应报送的部门。")
            return Roster(tuple(dict.fromkeys(c.department for c in contacts)), contacts)
    raise UsageError(
        f"名册“{path}”的第一张工作表里没有“{DEPARTMENT_HEADER}”这一列。", f"请在表头写上“{DEPARTMENT_HEADER}”，下面每行一个部门。"
    )


def _contacts(path: Path, sheet: "RawSheet", headers: Mapping[str, int], department: int, first: int) -> Iterator[Contact]:
    for row in range(first, sheet.height + 1):
        named = sheet.cell(row, department)
        if named.value is None and not named.is_blank:
            raise UsageError(f"名册“{path}”的 {named.ref.address} 是错误值或没有算出来的公式，看不出是哪个部门。", "请直接填上部门名称。")
        if named.text:
            yield Contact(row, named.text, *(_text(sheet, row, headers.get(h)) for h in (RECIPIENT_HEADER, COPY_HEADER, DEADLINE_HEADER)))


def _text(sheet: "RawSheet", row: int, column: int | None) -> str:
    """A cell as text: a date as 2026-03-31, a whole number without its .0; '' where the column is not there."""
    return sheet.cell(row, column).text if column else ""
