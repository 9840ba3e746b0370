"""The tables and columns a formula may name, by the headers of the form; a few are computed of others."""

from collections.abc import Mapping
from dataclasses import dataclass

from perfeval.model.form import CONTROLLED, DUTY_DATA, PROGRESS, PROJECTS, Kind

TABLES = {"controlled": CONTROLLED, "projects": PROJECTS, "duty_data": DUTY_DATA, "progress": PROGRESS}
# what a cell of the form holds → the kind of number it is; words are compared with words alone, dates are in no formula
KINDS = {
    Kind.AMOUNT: "amount", Kind.NUMBER: "number", Kind.POINTS: "number", Kind.COUNT: "count", Kind.MONTH: "count",
    Kind.RATE: "rate", Kind.TEXT: "text", Kind.CHOICE: "text", Kind.DATE: "date",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: its name in the frames, what it holds, and the filed cells it is made from, by their keys.

    `stated` is the cell that counts where one of the others is blank: 完成率 is 完成数 ÷ 计划数 where these stand.
    """

    computed: str
    kind: str
    cells: tuple[str, ...]
    stated: str = ""
    choices: tuple[str, ...] = ()  # the words it can hold, of a drop-down list


COMPUTED = {
    ("duty_data", "完成率"): TableColumn("completion", "rate", ("completed", "planned"), "completion_rate"),
    ("projects", "结余率"): TableColumn("carryover_rate", "rate", ("adjusted_budget", "executed")),
}
COLUMNS: Mapping[str, Mapping[str, TableColumn]] = {
    table: {
        **{
            f.label: TableColumn(f.key, KINDS[f.kind], (f.key,), choices=f.choices)
            for f in sheet.fields
            if f.kind in KINDS
        },
        **{label: column for (of, label), column in COMPUTED.items() if of == table},
    }
    for table, sheet in TABLES.items()
}
