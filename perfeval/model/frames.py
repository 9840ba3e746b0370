"""A Submission's tables as pandas frames: a row for each filed row, under its number in the sheet; a missing value is
None, never NaN and never 0.

The columns are the keys of the form, then `filed`, the entity whose cells they are, then what `rules/frames.py`
computes. Everything is held as object, so that a Decimal stays exact.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from itertools import compress
from typing import TYPE_CHECKING, Any, TypeAlias

from perfeval.model.cells import Cell, CellRef, State
from perfeval.model.submission import (
    ControlledItem,
    CutRow,
    DutyDatum,
    Fund,
    Indicator,
    MoneyRow,
    Progress,
    Project,
    ScoreRow,
    Submission,
)

if (
    TYPE_CHECKING
):  # pandas takes long to load: only who makes a frame waits for it, so that the coordinator can begin without
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

Columns = dict[str, list[Any]]  # a table before it becomes a frame: name → the values of its rows
Tables = Mapping[str, Columns]
Frame: TypeAlias = "pd.DataFrame"
Mask: TypeAlias = "npt.NDArray[np.bool_]"
Table: TypeAlias = "pd.DataFrame | Columns"
ROW, KEY, FILED = "row", "key", "filed"


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """The tables of one workbook. `money` (收支) and `cuts` (压减) have a column `key` with the form's key of the labelled
    row.

    `fund_sums` are those of 项目资金 by project, and beside each the project's own amount; `project_types` are the sums of
    项目 by 常年, 阶段 (一次性 included) and 全部; `subjects` those of 指标 by 适用对象.
    """

    money: Frame
    cuts: Frame
    controlled: Frame
    progress: Frame
    duty_data: Frame
    projects: Frame
    funds: Frame
    indicators: Frame
    scores: Frame
    project_types: Frame
    fund_sums: Frame
    subjects: Frame


def tables_of(submission: Submission) -> dict[str, Columns]:
    """What was filed, by the names of the frames."""
    return {
        "money": _labelled(submission.money, MoneyRow),
        "cuts": _labelled(submission.cut, CutRow),
        "controlled": _listed(submission.controlled_items, ControlledItem),
        "progress": _listed(submission.progress, Progress),
        "duty_data": _listed(submission.duty_data, DutyDatum),
        "projects": _listed(submission.projects, Project),
        "funds": _listed(submission.funds, Fund),
        "indicators": _listed(submission.indicators, Indicator),
        "scores": _listed(submission.scores, ScoreRow),
    }


def _listed(rows: Iterable[Any], entity: type) -> Columns:
    filed = list(rows)
    keys = [field.name for field in fields(entity) if field.name != ROW]
    return {
        ROW: [row.row for row in filed],
        **{key: [getattr(row, key).value for row in filed] for key in keys},
        FILED: filed,
    }


def _labelled(sheet: Any, entity: type) -> Columns:
    """The labelled rows that are in the sheet."""
    keys = [field.name for field in fields(entity)]
    rows = {field.name: getattr(sheet, field.name) for field in fields(sheet)}
    numbers = {name: number for name, row in rows.items() if (number := _number(row, keys)) is not None}
    values = {key: [getattr(rows[name], key).value for name in numbers] for key in keys}
    return {ROW: list(numbers.values()), KEY: list(numbers), **values, FILED: [rows[name] for name in numbers]}


def _number(row: Any, keys: Iterable[str]) -> int | None:
    return next((cell.ref.row for key in keys if (cell := getattr(row, key)).state is not State.ABSENT), None)


def frame_of(columns: Columns, index: str = ROW) -> Frame:
    """The frame of a table; one column of it is the index."""
    import numpy as np
    import pandas as pd

    names = tuple(name for name in columns if name != index)
    values = np.empty((len(names), len(columns[index])), dtype=object)
    for place, name in enumerate(names):
        values[place] = columns[name]
    rows = pd.Index(np.array(columns[index], dtype=np.int64 if index == ROW else object), name=index)
    return pd.DataFrame(values.T, index=rows, columns=_header(names), dtype=object, copy=False)


@cache
def _header(names: tuple[str, ...]) -> "pd.Index":
    """The same few tables in workbook after workbook."""
    import pandas as pd

    return pd.Index(names, dtype=object)


def with_columns(frame: Frame, **columns: Iterable[Any]) -> Frame:
    """A frame with further columns; the one given stays as it is."""
    import numpy as np
    import pandas as pd

    width = len(frame.columns)
    values = np.empty((width + len(columns), len(frame)), dtype=object)
    values[:width] = frame.to_numpy().T
    for place, added in enumerate(columns.values(), start=width):
        values[place] = list(added)
    return pd.DataFrame(
        values.T, index=frame.index, columns=_header((*frame.columns, *columns)), dtype=object, copy=False
    )


def where(table: Frame, test: Callable[..., object], *columns: str) -> Mask:
    """A mask: whether `test` is true of a row's values in these columns. Not true where one of them is missing: missing
    is not 0."""
    import numpy as np

    rows = zip(*_lists(table, columns), strict=True)
    return np.array([None not in values and bool(test(*values)) for values in rows], dtype=bool)


def rows_of(table: Table, *columns: str, only: "Mask | None" = None) -> Iterator[tuple[Any, ...]]:
    """The filed entities of a table, each with its values in the columns; `only` those of a mask, without making a
    smaller frame of them."""
    rows = zip(*_lists(table, (FILED, *columns)), strict=True)
    return rows if only is None else compress(rows, only.tolist())


def _lists(table: Table, columns: Iterable[str]) -> list[list[Any]]:
    """Columns as lists. A frame of this module is one block, so that this is much cheaper than to ask it for a Series
    each."""
    if isinstance(table, dict):
        return [table[column] for column in columns]
    values, header = table.to_numpy(), table.columns
    return [values[:, header.get_loc(column)].tolist() for column in columns]


def below_zero(frame: Frame, *columns: str) -> Iterator[Cell[Any]]:
    """The cells with a number below 0, row by row."""
    for (filed,) in rows_of(frame):
        yield from (
            found for column in columns if (found := getattr(filed, column)).value is not None and found.value < 0
        )


def filed_cell(frame: Frame, row: int, column: str) -> Cell[Any]:
    """The cell a value was read from. Raises KeyError for a row that is not there, AttributeError for a column that was
    not filed but computed."""
    found: Cell[Any] = getattr(frame.at[row, FILED], column)
    return found


def cell(frame: Frame, row: int, column: str) -> CellRef:
    """Where a value is in the workbook. Raises as `filed_cell` does."""
    return filed_cell(frame, row, column).ref


def row_of(frame: Frame, key: str) -> int | None:
    """The row of 收支 or 压减 with a key of the form; None where the sheet has none."""
    return next((int(row) for row, name in zip(frame.index, frame[KEY], strict=True) if name == key), None)


def value(table: Table, key: Hashable, column: str, by: str = KEY) -> Any:
    """The value in the row with that key; None where it is missing, or the row is."""
    return next((found for name, found in zip(table[by], table[column], strict=True) if name == key), None)
