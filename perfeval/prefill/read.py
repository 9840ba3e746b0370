"""One source → its Reading: what it is recognised as, the values in it, the questions. Runs in a worker."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from perfeval.model.submission import WHOLE_DEPARTMENT
from perfeval.prefill.accounts import read_account
from perfeval.prefill.forms import load_forms, plain
from perfeval.prefill.funds import read_funds
from perfeval.prefill.goals import read_goals
from perfeval.prefill.grid import Grid
from perfeval.prefill.indicators import Proof, Subject, read_indicators
from perfeval.prefill.labelled_funds import has_labelled_funds, read_labelled_funds
from perfeval.prefill.lists import read_list
from perfeval.prefill.own import is_own, read_own
from perfeval.prefill.scores import read_scores
from perfeval.prefill.sources import Unreadable, bytes_of, grids_of
from perfeval.prefill.tables import Table, find_tables, resembles, titles
from perfeval.prefill.values import Pen, Reading
from perfeval.prefill.words import Label, is_within, labels_of, same_name, words, years_of

SEVERAL_DEPARTMENTS = (
    "主管部门“{supervisor}”和实施单位“{executor}”不是一个单位，不知道填报的是哪一个；请自己填部门名称。"
)
LABELLED = "项目资金"
IN_FORMS = ("funds", "goals", "indicators")  # the readers of the blocks of a project's form
OF_PROJECTS = {
    "supervisor": "authority",
    "executor": "implementer",
    "annual_goal": "annual_goal",
    "project_reason": "deviation_reason",
    "project_improvement": "improvement",
}  # label → column of 项目
LONGEST_QUOTE = 20
LOOKED_LIKE = 3  # headers of a sheet that nothing is known of, as a sentence quotes them


@dataclass(frozen=True, slots=True)
class Task:
    """A source to be read. `sums` are what the weights of a form come to under the regulations there are,
    `department` is the one that is filed for, where the operator says it."""

    path: Path
    file: str
    sums: frozenset[Decimal] = frozenset()
    department: str = ""


def read_source(task: Task) -> Reading:
    """Reads one source. It never raises on bad input: what cannot be read is said in `looked_like`."""
    reading = Reading(task.file)
    try:
        content = bytes_of(task.path)
        if is_own(content, task.path):
            return read_own(content, task.path, reading)
        grids = grids_of(task.path, content)
    except Unreadable as unreadable:
        reading.looked_like = str(unreadable)
        return reading
    for grid in grids:
        _read_grid(grid, reading, task)
    if not reading.is_recognised and not reading.looked_like:
        reading.looked_like = f"没有认出其中的表：{'；'.join(map(_shown, grids)) or '里面没有内容'}。"
    return reading


def _shown(grid: Grid) -> str:
    """The first line alone: what is below may be anybody's name and number."""
    first = min((row for row, _ in grid.cells), default=0)
    texts = [cell.text.replace("\n", "")[:LONGEST_QUOTE] for _, cell in grid.filled(first)][:LOOKED_LIKE]
    return f"“{grid.name}”里是 {'、'.join(texts)}" if texts else f"“{grid.name}”是空的"


def _read_grid(grid: Grid, reading: Reading, task: Task) -> None:
    if not grid.cells:
        return
    if (resembling := resembles(grid)) is not None:
        what, way_out, sign = resembling
        sentence = f"像是{what}（“{sign}”），没有读入：{way_out}"
        reading.looked_like = reading.looked_like or sentence
        Pen(grid, reading).ask(what, sentence, next(iter(sorted(grid.cells))), sign)
        return
    tables = find_tables(grid)
    pen, labels = Pen(grid, reading), labels_of(grid, tables)
    is_labelled = any(label.key == "project" for label in labels) and has_labelled_funds(grid, tables)
    names = [*(table.layout.name for table in tables), *([LABELLED] if is_labelled else [])]
    if not set(names) - {table.layout.name for table in tables if table.layout.reader == "goals"}:  # of no form
        return
    reading.forms += [name for name in dict.fromkeys(names) if name not in reading.forms]
    reading.years.update(dict.fromkeys(years_of(grid, labels) - set(reading.years), grid.name))
    is_department = _is_department(grid, tables)
    reading.is_department |= is_department
    _take_department(pen, labels)
    for table in tables:
        if table.layout.reader == "list":
            read_list(pen, table, task.department)
        elif table.layout.reader == "account":
            read_account(pen, table)
        elif table.layout.reader == "scores":
            read_scores(pen, table)
    forms = _forms(tables, labels)
    for project, block in forms:
        _read_form(pen, block, project, task.sums, is_department)
        if project is not None and not any(table.layout.reader == "funds" for table in block):
            below = min(
                (one.row for one, _ in forms if one is not None and one.row > project.row), default=grid.height + 1
            )
            read_labelled_funds(pen, tables, words(project.value), range(project.row, below))
    _take_codes(pen, labels)
    _take_of_projects(pen, labels, tables)


def _is_department(grid: Grid, tables: Iterable[Table]) -> bool:
    names = load_forms().department_titles
    return any(table.layout.reader in ("account", "scores") for table in tables) or any(
        name in plain(text) for text in (grid.name, *titles(grid)) for name in names
    )


def _forms(tables: Sequence[Table], labels: Sequence[Label]) -> list[tuple[Label | None, list[Table]]]:
    """The 资金 and 指标 blocks by the project they are of: the last 项目名称 above, in the same half where forms stand side
    by side."""
    projects = [label for label in labels if label.key == "project" and words(label.value)]
    found: list[tuple[Label | None, list[Table]]] = [(project, []) for project in projects]
    loose: list[Table] = []
    for table in tables:
        if table.layout.reader not in IN_FORMS:
            continue
        above = [pair for pair in found if pair[0] is not None and pair[0].row <= table.header]
        beside = [pair for pair in above if pair[0] is not None and table.left - 2 <= pair[0].column <= table.right]
        owner = max(beside or above, key=lambda pair: pair[0].row if pair[0] else 0, default=None)
        (owner[1] if owner else loose).append(table)
    return [*found, *([(None, loose)] if loose else [])]


def _read_form(
    pen: Pen, tables: Sequence[Table], project: Label | None, sums: frozenset[Decimal], is_department: bool
) -> None:
    """The form of one project, or of the department where it names none."""
    name = words(project.value) if project else ""
    at = (project.row, project.column) if project else (1, 1)
    if name:
        pen.take("projects", (name,), "name", name, at)
    points = [read_funds(pen, table, name, at) for table in tables if table.layout.reader == "funds"]
    for table in (one for one in tables if name and one.layout.reader == "goals"):
        read_goals(pen, table, name)
    execution = next((one for one in points if one is not None), None)
    subject = name or (WHOLE_DEPARTMENT if is_department else "")
    indicators = [table for table in tables if table.layout.reader == "indicators"]
    if indicators:
        read_indicators(pen, indicators, Subject(subject, name, at if project else None), Proof(execution, sums))


def _take_codes(pen: Pen, labels: Sequence[Label]) -> None:
    """项目编码 beside 项目名称: in its row or one next to it."""
    for code in (label for label in labels if label.key == "project_code" and words(label.value)):
        near = [p for p in labels if p.key == "project" and words(p.value) and abs(p.row - code.row) <= 1]
        if len(near) == 1:
            pen.take("projects", (words(near[0].value),), "code", words(code.value), (code.row, code.column))


def _take_of_projects(pen: Pen, labels: Sequence[Label], tables: Sequence[Table]) -> None:
    """What is said of a whole project around its tables: whose it is, its goal, the reasons, what will be done."""
    for label in (one for one in labels if one.key in OF_PROJECTS and words(one.value)):
        project = _project_of(label, labels)
        is_header = any(is_within(table, label.row, label.column) for table in tables)
        if project and not is_header:
            at = (label.row, label.column)
            pen.take("projects", (words(project.value),), OF_PROJECTS[label.key], words(label.value), at)


def _project_of(label: Label, labels: Sequence[Label]) -> Label | None:
    """The 项目名称 in the label's row or the last one above, in the same half where forms stand side by side."""
    above = [p for p in labels if p.key == "project" and words(p.value) and p.row <= label.row]
    last = [p for p in above if p.row == above[-1].row]
    return next((p for p in reversed(last) if p.column <= label.column), last[0] if last else None)


def _take_department(pen: Pen, labels: Sequence[Label]) -> None:
    """部门名称: stated, or where 主管部门 and 实施单位 are one."""
    stated = {label.value: label for label in labels if label.key == "department" and words(label.value)}
    for value, label in stated.items():
        pen.take("basic", (), "department", value, (label.row, label.column))
    if stated:
        return
    supervisors = [label for label in labels if label.key == "supervisor" and words(label.value)]
    executors = [label for label in labels if label.key == "executor" and words(label.value)]
    if not supervisors or not executors:
        return
    supervisor, executor = supervisors[0], executors[0]
    at = (executor.row, executor.column)
    if all(same_name(supervisor.value, label.value) for label in (*supervisors, *executors)):
        pen.take("basic", (), "department", executor.value, at, "主管部门与实施单位相同")
    else:
        why = SEVERAL_DEPARTMENTS.format(supervisor=supervisor.value, executor=executor.value)
        pen.ask("基本情况 部门名称", why, at)
