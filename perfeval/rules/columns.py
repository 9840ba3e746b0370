"""The tables and columns a formula may name, by the headers of the form."""

from collections.abc import Mapping
from dataclasses import dataclass

from perfeval.model.form import CONTROLLED, DUTY_DATA, PROGRESS, PROJECTS, Kind

TABLES = {"controlled": CONTROLLED, "projects": PROJECTS, "duty_data": DUTY_DATA, "progress": PROGRESS}
# what a cell of the form holds → the kind of number it is; a column of words may only be compared with a word
KINDS = {
    Kind.AMOUNT: "amount", Kind.NUMBER: "number", Kind.POINTS: "number", Kind.COUNT: "count", Kind.MONTH: "count", Kind.RATE: "rate",
    Kind.TEXT: "text", Kind.CHOICE: "text",
}  # fmt: skip
COMPUTED = {("duty_data", "completion_rate"): "completion"}  # 完成率 is 完成数 ÷ 计划数 where these stand


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a filed table: the form's key, that of the frame where it is computed, and what it holds."""

    key: str
    computed: str
    kind: str


COLUMNS: Mapping[str, Mapping[str, TableColumn]] = {
    table: {
        field.label: TableColumn(field.key, COMPUTED.get((table, field.key), field.key), KINDS[field.kind])
        for field in sheet.fields
        if field.kind in KINDS
    }
    for table, sheet in TABLES.items()
}
