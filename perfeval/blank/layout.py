"""Where the template puts things, and what it can be filled with. Rows and columns count from 1, as people see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import ceil

from perfeval.excel.write import display_width
from perfeval.model.cells import column_letters
from perfeval.model.form import BASIC, CRITERIA, GRAND_TOTAL_LABEL, SCORES, SUPPLEMENT, Field, Shape, Sheet
from perfeval.model.regulation import Regulation

TITLE_ROW, GUIDE_ROW, UNIT_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3, 4, 5
LAST_ROW = 3004  # formats, drop-downs and checks reach this far; what is below is read all the same
LABEL_COLUMN = 1
LABEL_WIDTHS = (22, 64, 56)
GRID_LABEL_WIDTH = 26
LINE_HEIGHT, HIGHEST_ROW = 16.5, 409  # points; 409 is the format's own limit
REQUIREMENT_HEADERS = ("填报内容", "填报要求")

INPUT_UNITS = {"amount": "万元", "count": "个", "rate": "%", "date": "年-月-日", "yes_no": "是/否"}
GIVEN_COLUMNS = {  # by the sheet: what the regulation gives of a row, and is locked
    SCORES.key: ("item_id", "item_name", "level", "max_points"),
    SUPPLEMENT.key: ("name", "unit", "note"),
    CRITERIA.key: ("item_id", "item_name", "text", "points"),
}

Value = str | int | Decimal | date | None
Record = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Filling:
    """What is written into the input cells, by the keys of the form; nothing of it is required.

    `basic`: 基本情况; `grids`: sheet key → row key → column key; `tables`: sheet key → one record a row (of 评分 by
    `item_id`, the row 综合得分 by its name; of 补充数据 by `name`, of 评分要点 by `item_id` and `text`). `remarks`:
    paragraphs added to 填报说明.
    """

    basic: Record = field(default_factory=dict)
    grids: Mapping[str, Mapping[str, Record]] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def amount(self, sheet: Sheet, row: str, column: str) -> Decimal | None:
        """The number in a grid's cell, None where there is none."""
        value = self.grids.get(sheet.key, {}).get(row, {}).get(column)
        return value if isinstance(value, Decimal) else None

    def amounts(self, sheet: Sheet, column: str) -> list[Decimal]:
        """The numbers in a table's column."""
        return [v for record in self.tables.get(sheet.key, ()) if isinstance(v := record.get(column), Decimal)]


def address(row: int, column: int, *, absolute: bool = False) -> str:
    """`C7`, or `$C$7`."""
    mark = "$" if absolute else ""
    return f"{mark}{column_letters(column)}{mark}{row}"


def column_of(sheet: Sheet, key: str) -> int:
    """The column of a field: tables begin at A, grids after their label column."""
    offset = 1 if sheet.shape is Shape.TABLE else 2
    return [f.key for f in sheet.fields].index(key) + offset


def row_of(sheet: Sheet, key: str) -> int:
    """The row of a grid's label, or of a field of a label sheet."""
    keys = [r.key for r in sheet.rows] if sheet.shape is Shape.GRID else [f.key for f in sheet.fields]
    return keys.index(key) + FIRST_ROW


def column_range(sheet: Sheet, key: str) -> str:
    """All data cells of a table's column, for a formula: `$H$5:$H$3004`."""
    column = column_of(sheet, key)
    return f"{address(FIRST_ROW, column, absolute=True)}:{address(LAST_ROW, column, absolute=True)}"


def on_sheet(sheet: Sheet, reference: str) -> str:
    """A reference from another sheet: `'项目'!$E$5`."""
    return f"'{sheet.name}'!{reference}"


def last_column(sheet: Sheet) -> int:
    """The last column of the form's own cells; check columns are beyond."""
    if sheet.shape is Shape.LABELS:
        return LABEL_COLUMN + len(REQUIREMENT_HEADERS)
    return len(sheet.fields) + (1 if sheet.shape is Shape.GRID else 0)


def is_given(sheet: Sheet) -> bool:
    """Whether the regulation gives the rows of a table."""
    return sheet.key in GIVEN_COLUMNS


def given_rows(sheet: Sheet, regulation: Regulation) -> int | None:
    """How many rows a sheet has where the form or the regulation gives them; None for a table that may grow: also by a
    further block of rows, for a further project."""
    if sheet.shape is not Shape.TABLE:
        return len(sheet.rows or sheet.fields)
    return len(regulation_rows(sheet, regulation)) if is_given(sheet) and not of_a_project(sheet) else None


def of_a_project(sheet: Sheet) -> bool:
    """Whether a given row belongs to a project."""
    return is_given(sheet) and sheet.fields[0].key == "subject"


def check_column(sheet: Sheet) -> int:
    """The first check column; one narrow column is left empty before it."""
    return last_column(sheet) + 2


def row_height(cells: Iterable[tuple[str, float]]) -> float | None:
    """The height that shows every (text, column width) whole; None where one line does, and the program that opens the
    file may decide.

    Excel and WPS fit such rows themselves when they open a file, LibreOffice and previews do not.
    """
    lines = max(
        (sum(ceil(display_width(line) / (width - 2)) or 1 for line in text.split("\n")) for text, width in cells),
        default=1,
    )
    return min(LINE_HEIGHT * lines + 4, HIGHEST_ROW) if lines > 1 else None


def field_width(column: Field) -> float:
    """A column width that shows the whole header."""
    return max(column.width, display_width(column.label) + 3)


def regulation_choice(regulation: Regulation) -> str:
    """The drop-down entry: the id, then the title."""
    return f"{regulation.id} {regulation.title}"


def prepared_table(sheet: Sheet, regulation: Regulation, filling: Filling) -> list[Record]:
    """The records of a table: the filling's own, joined to the rows the regulation gives."""
    given = list(filling.tables.get(sheet.key, ()))
    if not is_given(sheet):
        return given
    by_row = {_row_key(sheet, record): record for record in given}
    return [{**row, **by_row.get(_row_key(sheet, row), {})} for row in regulation_rows(sheet, regulation)]


def _row_key(sheet: Sheet, record: Record) -> tuple[Value, ...]:
    if sheet.key == SUPPLEMENT.key:
        return (record.get("name"),)
    if sheet.key == CRITERIA.key:
        return record.get("item_id"), record.get("text")
    return (record.get("item_id") or record.get("item_name"),)


def regulation_rows(sheet: Sheet, regulation: Regulation) -> list[Record]:
    """The rows of 评分, 补充数据 or 评分要点 as the regulation gives them."""
    if sheet.key == SUPPLEMENT.key:
        return [
            {"name": asked.label, "unit": asked.unit or INPUT_UNITS.get(asked.kind, ""), "note": asked.help}
            for asked in regulation.inputs
        ]
    if sheet.key == CRITERIA.key:
        return [
            {"item_id": item.id, "item_name": item.name, **criterion}
            for item in regulation.judged
            for criterion in item.parameters["criteria"]
        ]
    rows: list[Record] = [
        {"item_id": item.id, "item_name": item.name, "level": str(item.level), "max_points": item.max_points}
        for item in regulation.items
    ]
    return [*rows, {"item_name": GRAND_TOTAL_LABEL}]


def prepared_basic(kind: str, regulation: Regulation, year: int | None, filling: Filling) -> Record:
    """基本情况 as the template hands it out: kind, regulation and year are known already."""
    known: dict[str, Value] = {"kind": kind, "regulation": regulation_choice(regulation)}
    if year is not None:
        known["year"] = Decimal(year)
    unknown = set(filling.basic) - {f.key for f in BASIC.fields}
    if unknown:
        raise KeyError(f"no such field of {BASIC.name}: {sorted(unknown)}")
    return {**known, **filling.basic}


def sheet_width(sheet: Sheet) -> float:
    """The width of the form's own columns, in characters."""
    if sheet.shape is Shape.LABELS:
        return sum(LABEL_WIDTHS)
    return sum(map(field_width, sheet.fields)) + (GRID_LABEL_WIDTH if sheet.shape is Shape.GRID else 0)
