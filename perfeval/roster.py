"""The bureau's roster: which departments have to file (`--roster`)."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from perfeval.errors import UsageError

DEPARTMENT_HEADER = "部门"


@dataclass(frozen=True, slots=True)
class Roster:
    """The departments in the roster's order."""

    departments: tuple[str, ...]

    def missing(self, filed: Collection[str]) -> tuple[str, ...]:
        """Who has not filed."""
        return tuple(d for d in self.departments if d not in filed)


def load_roster(path: Path) -> Roster:
    """Reads the column headed 部门 (or 部门名称) of a roster workbook's first sheet. Raises UsageError."""
    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (OSError, CalamineError, ValueError) as error:
        raise UsageError(f"名册“{path}”读不了。", "请检查文件是否存在、是否为 .xlsx 工作簿。") from error
    for number, row in enumerate(rows):
        headers = [str(cell).strip() for cell in row]
        column = next((headers.index(h) for h in (DEPARTMENT_HEADER, "部门名称") if h in headers), None)
        if column is not None:
            names = (str(r[column]).strip() for r in rows[number + 1 :])
            return Roster(tuple(dict.fromkeys(name for name in names if name)))
    raise UsageError(
        f"名册“{path}”的第一张工作表里没有“{DEPARTMENT_HEADER}”这一列。", f"请在表头写上“{DEPARTMENT_HEADER}”，下面每行一个部门。"
    )
