"""项目资金: whose money it is, each source once, and together what 项目 has."""

from collections.abc import Iterator

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.frames import below_zero, rows_of
from perfeval.model.names import nearest_name
from perfeval.model.numbers import show_filed, sum_agrees
from perfeval.model.submission import Fund

OF_PROJECTS = {"initial_budget": "年初预算数", "adjusted_budget": "调整后预算数", "executed": "执行数"}  # there


def of_no_project(context: Context) -> Iterator[Finding]:
    """PROJECT_019: a 项目名称 that is not in 项目; the same one further down is marked with the first."""
    listed = [p.name.value for p in context.submission.projects if p.name.value]
    unknown: dict[str, list[Fund]] = {}
    for fund in context.submission.funds:
        if fund.project.value and fund.project.value not in listed:
            unknown.setdefault(fund.project.value, []).append(fund)
    for name, (first, *others) in unknown.items():
        near = nearest_name(name, listed)
        yield make(
            "PROJECT_019",
            first.project,
            expected=near or "“项目”表中的项目名称",
            meant=f"，是否为“{near}”" if near else "",
            alike=tuple(other.project.ref for other in others),
        )


def named_twice(context: Context) -> Iterator[Finding]:
    """PROJECT_020: a 资金来源 that the project already has further up."""
    first: dict[tuple[str, str], Fund] = {}
    for fund in context.submission.funds:
        if fund.project.value and fund.source.value:
            earlier = first.setdefault((fund.project.value, fund.source.value), fund)
            if earlier is not fund:
                ref = earlier.source.ref
                yield make("PROJECT_020", fund.source, project=fund.project.value, earlier=ref.address, related=(ref,))


def negative_amounts(context: Context) -> Iterator[Finding]:
    """An amount below 0."""
    for amount in below_zero(context.frames.funds, *OF_PROJECTS):
        yield make("PROJECT_003", amount, expected="不小于 0 的数")


def sums(context: Context) -> Iterator[Finding]:
    """PROJECT_021: the sources of a project do not come to what 项目 has, column by column."""
    own = {p.name.value: p for p in reversed(context.submission.projects)}
    for column, label in OF_PROJECTS.items():
        for rows, added, filed in rows_of(context.frames.fund_sums, column, f"filed_{column}"):
            cells, name = [getattr(row, column) for row in rows], rows[0].project.value
            if added is None or filed is None or sum_agrees(filed, [cell.value for cell in cells]):
                continue
            stated = getattr(own[name], column)
            yield make(
                "PROJECT_021",
                cells[0],
                expected=show_filed(filed),
                project=name,
                column=cells[0].label,
                added=show_filed(added),
                label_there=label,
                there=str(stated.ref),
                how=_remedy(len(cells), show_filed(filed), label),
                related=(*(cell.ref for cell in cells[1:]), stated.ref),
            )


def _remedy(sources: int, due: str, label: str) -> str:
    """One source alone has all of it."""
    if sources == 1:
        return f"只有这一种来源的，本格改为 {due}；还有别的来源的，另起一行补填；“项目”表填错的，改“项目”表"
    return f"核对各来源的数和“项目”表的{label}，改正填错的一个；漏填的来源另起一行补填"


CHECKS: tuple[Check, ...] = (of_no_project, named_twice, negative_amounts, sums)
