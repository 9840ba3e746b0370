"""Every rate of amounts is divided in `rules/frames.py` alone; all others read its columns. Reported from the syntax
tree, not from the text."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import places
import pytest

ROOT = places.ROOT / "perfeval"
DEFINITIONS = "perfeval.rules.frames"
# reads finished reports of anybody: what their printed figures may stand for, as intervals, and no filed amount
PRINTED = "audit"
SPENT = {"executed", "execution", "spent", "spending", "spend", "final", "paid", "completed"}
BUDGET = {"budget", "budgets", "budgeted", "adjusted", "initial", "issued", "planned", "previous"}
DIVIDING = {
    "rate",
    "rates",
    "quotient",
    "share",
    "ratio",
    "divide",
    "truediv",
    "div",
    "portion",
    "fraction",
}  # in the name of a function
Values = Mapping[str, list[ast.expr]]


def tokens(name: str) -> set[str]:
    return set(name.lower().split("_"))


def values_of(scope: ast.AST) -> Values:
    """What each name of a function or module is made from."""
    found: dict[str, list[ast.expr]] = {}

    def note(target: ast.AST, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            found.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple | ast.List):
            pairs = (
                value.elts
                if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
                else [value] * len(target.elts)
            )
            for one, its in zip(target.elts, pairs, strict=True):
                note(one, its)

    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                note(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            note(node.target, node.value)
        elif isinstance(node, ast.For | ast.comprehension):
            note(node.target, node.iter)
    return found


def words(expression: ast.AST, values: Values, seen: frozenset[str] = frozenset()) -> set[str]:
    """The words in the names an expression is made from, through the names it was assigned to."""
    found: set[str] = set()
    for node in ast.walk(expression):
        if isinstance(node, ast.Attribute):
            found |= tokens(node.attr)
        elif (
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Constant)
            and isinstance(node.slice.value, str)
        ):
            found |= tokens(node.slice.value)
        elif isinstance(node, ast.Name):
            found |= tokens(node.id)
            for value in values.get(node.id, []) if node.id not in seen else []:
                found |= words(value, values, seen | {node.id})
    return found


def divisions(tree: ast.Module) -> Iterator[tuple[int, ast.expr, ast.expr, ast.AST]]:
    """Line, dividend, divisor, function; a call of a function with such a name divides its first argument by its
    second."""
    defined = {
        a.asname or a.name
        for n in ast.walk(tree)
        if isinstance(n, ast.ImportFrom) and n.module == DEFINITIONS
        for a in n.names
    }
    scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    for scope in (tree, *scopes):
        for node in ast.walk(scope):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv):
                yield node.lineno, node.left, node.right, scope
            elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
                yield node.lineno, node.target, node.value, scope
            elif isinstance(node, ast.Call) and len(node.args) >= 2:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if tokens(name) & DIVIDING and name not in defined:
                    yield node.lineno, node.args[0], node.args[1], scope


def rates_in(source: str) -> set[int]:
    """The lines that divide what was spent, or a change of a budget, by a budget."""
    tree, found = ast.parse(source), set()
    for line, dividend, divisor, scope in divisions(tree):
        values = values_of(scope) if scope is not tree else {}
        if words(dividend, values) & (SPENT | BUDGET) and words(divisor, values) & BUDGET:
            found.add(line)
    return found


def readers() -> list[Path]:
    """All modules that may see a filed workbook, but the one with the definitions."""
    return [
        path
        for path in sorted(ROOT.rglob("*.py"))
        if path != ROOT / "rules" / "frames.py" and path.parent.name != PRINTED
    ]


@pytest.mark.parametrize("path", readers(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_other_module_divides_what_was_spent_by_a_budget(path: Path) -> None:
    found = rates_in(path.read_text(encoding="utf-8"))
    assert found == set()


@pytest.mark.parametrize(
    "planted",
    [
        "project.executed.value / project.adjusted_budget.value",
        "rate(executed, budget)",
        "row.final.value / row.adjusted.value",
        "spent / budget",
        "operator.truediv(spent, budget)",
        "1 - project.executed.value / project.adjusted_budget.value",
        "(adjusted - executed - taken_back) / adjusted",
        "(row.adjusted.value - row.initial.value) / row.initial.value",
        "(previous - current) / previous",
        "datum.completed.value / datum.planned.value",
        "projects['executed'] / projects['adjusted_budget']",
        "sum(p.executed.value for p in projects) / sum(p.adjusted_budget.value for p in projects)",
        "money.paid.final.value / money.plan_issued.final.value",
        "quotient(figure('executed', row.final), figure('adjusted', row.adjusted))",
        "HUNDRED * spent / budget",
        "lambda spent, budget: spent / budget",
    ],
)
def test_it_is_found_when_planted(planted: str) -> None:
    assert rates_in(f"def anywhere(row, project):\n    return {planted}") == {2}


@pytest.mark.parametrize(
    "planted",
    [
        "a, b = row.final.value, row.adjusted.value\n    return a / b",
        "a = row.final.value or ZERO\n    b = row.adjusted\n    return a / (b.value or ONE)",
        "return [a / b for a, b in zip(projects.executed, projects.adjusted_budget)]",
        "share = project.executed.value\n    share /= project.adjusted_budget.value\n    return share",
    ],
)
def test_it_is_found_behind_other_names(planted: str) -> None:
    assert rates_in(f"def anywhere(row, project):\n    {planted}")


@pytest.mark.parametrize(
    "sound",
    [
        "folder / name",
        "actual / target",
        "points * numerator / divisor",
        "total(scores) / len(scores)",
        "executed / HUNDRED",
    ],
)
def test_other_divisions_are_left_alone(sound: str) -> None:
    assert rates_in(f"def anywhere():\n    return {sound}") == set()
