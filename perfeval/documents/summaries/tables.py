"""The cross-department tables, made from the objects of 结果.json (results.md)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.findings.catalogue import catalogue
from perfeval.findings.finding import SEVERITY_NAMES, Severity
from perfeval.model.numbers import HUNDRED
from perfeval.model.scorecard import BASIS_NAMES, Basis
from perfeval.model.submission import PROJECT_KIND

Result = Mapping[str, Any]

STATUS_NAMES = {"reported": "已出报告", "returned": "退回修改", "rejected": "无法读取"}
ANSWERED = "疑点（已说明）"
RED, YELLOW = "red", "yellow"
LIGHT_NAMES = {RED: "红灯", YELLOW: "黄灯", "info": "参考"}
SEVERITY_COLUMNS = {"errors": "错误", "questions": "疑点", "answered": ANSWERED, "notices": "提示"}
EXECUTION_MEASURES = {PROJECT_KIND: "项目执行率"}  # what execution means for a kind; else 预算执行率
NOT_THERE, NOT_SCORED = "—", BASIS_NAMES[Basis.NOT_SCORED]  # an item of another regulation; an item without score
NO_DEPARTMENT = "（部门名称未填）"
FEW_BLOCKS = 4
NAMED_DEPARTMENTS = 5


@dataclass(frozen=True, slots=True)
class Tables:
    """Frames of plain values; a missing number is None, never NaN or 0."""

    workbooks: pd.DataFrame
    blocks: tuple[str, ...]  # columns of `workbooks` with the score of each block
    projects: pd.DataFrame
    findings: pd.DataFrame
    indicators: pd.DataFrame
    signals: pd.DataFrame
    common: pd.DataFrame


def tables(results: Sequence[Result]) -> Tables:
    """Every table of one run; the rows keep the order of `results`."""
    workbooks = _frame([_workbook(r) for r in results])
    blocks = dict.fromkeys(block for r in results for block in _blocks(r))
    for block in blocks:
        workbooks[block] = pd.Series([_blocks(r).get(block, NOT_THERE) for r in results], dtype=object)
    findings = _frame([row for r in results for row in _findings(r)], FINDING_COLUMNS)
    return Tables(
        workbooks=workbooks,
        blocks=tuple(blocks),
        projects=_frame([row for r in results for row in _projects(r)], PROJECT_COLUMNS),
        findings=findings,
        indicators=_frame([row for r in results for row in _indicators(r)], INDICATOR_COLUMNS),
        signals=_frame([row for r in results for row in _signals(r)], SIGNAL_COLUMNS),
        common=_common(findings),
    )


def _frame(rows: list[dict[str, Any]], columns: Sequence[str] | None = None) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns) if columns is not None and not rows else None, dtype=object)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain mappings by column name."""
    return [dict(zip(map(str, frame.columns), values, strict=True)) for values in frame.itertuples(index=False, name=None)]


def department_of(result: Result) -> str:
    """The department's name as the summary prints it."""
    return result["department"] or NO_DEPARTMENT


def number(text: str | None) -> Decimal | None:
    """A decimal of 结果.json; None for null."""
    return None if text is None else Decimal(text)


def fraction(text: str | None) -> Decimal | None:
    """14.29% → 0.1429; None for null."""
    return None if text is None else Decimal(text.removesuffix("%")) / HUNDRED


def level_name(finding: Mapping[str, Any]) -> str:
    """错误, 疑点, 疑点（已说明）, 提示"""
    severity = Severity(finding["severity"])
    return ANSWERED if severity is Severity.QUESTION and finding["answered"] else SEVERITY_NAMES[severity]


def _workbook(result: Result) -> dict[str, Any]:
    total, declared = number(result["total"]), number(result["declared_total"])
    levels = [level_name(f) for f in result["findings"]]
    lights = [s["level"] for s in result["signals"]]
    measure = result["measures"].get(EXECUTION_MEASURES.get(result["kind"], "预算执行率"), {})
    return {
        "department": department_of(result),
        "year": result["year"],
        "kind": result["kind"],
        "regulation": result["regulation"],
        "version": result.get("version"),
        "status": STATUS_NAMES[result["status"]],
        "total": total,
        "grade": result["grade"],
        "declared": declared,
        "difference": None if total is None or declared is None else declared - total,
        "execution": fraction(measure.get("value")),
        "not_scored": sum(1 for i in result["items"] if i["basis"] == str(Basis.NOT_SCORED)),
        **{key: levels.count(name) for key, name in SEVERITY_COLUMNS.items()},
        "red": lights.count(RED),
        "yellow": lights.count(YELLOW),
        "file": result["source"]["file"],
    }


def _blocks(result: Result) -> dict[str, Decimal | str]:
    """The scores of the topmost items, or of those below where there are only a few; a 项目支出 workbook has none."""
    items = [i for i in result["items"] if "subject" not in i]
    tops = [i for i in items if i["parent"] is None]
    below = [] if len(tops) >= FEW_BLOCKS else [i for i in items if i["parent"] in {t["id"] for t in tops}]
    return {f"{i['id']}\n{i['name']}": NOT_SCORED if i["score"] is None else Decimal(i["score"]) for i in [*tops, *below]}


PROJECT_COLUMNS = (
    "department", "kind", "name", "type", "initial_budget", "adjusted_budget", "executed", "execution_rate", "carryover_rate", "total", "grade",
)  # fmt: skip
FINDING_COLUMNS = ("department", "level", "code", "sheet", "cell", "label", "found", "expected", "message", "fix", "clause")
INDICATOR_COLUMNS = (
    "department",
    "subject",
    "l1",
    "l2",
    "l3",
    "nature",
    "target",
    "actual",
    "unit",
    "weight",
    "ratio",
    "score",
    "declared",
)
SIGNAL_COLUMNS = ("department", "light", "code", "message")


def _projects(result: Result) -> Iterator[dict[str, Any]]:
    for project in result["projects"]:
        amounts = {key: number(project[key]) for key in ("initial_budget", "adjusted_budget", "executed", "total")}
        rates = {key: fraction(project[key]) for key in ("execution_rate", "carryover_rate")}
        words = {key: project[key] for key in ("name", "type", "grade")}
        yield {"department": department_of(result), "kind": result["kind"], **words, **amounts, **rates}


def _findings(result: Result) -> Iterator[dict[str, Any]]:
    for finding in result["findings"]:
        told = {key: finding[key] for key in FINDING_COLUMNS if key in finding}
        yield {"department": department_of(result), "level": level_name(finding), **told}


def _indicators(result: Result) -> Iterator[dict[str, Any]]:
    for indicator in result["indicators"]:
        words = {key: indicator[key] for key in ("subject", "l1", "l2", "l3", "nature", "target", "actual", "unit")}
        numbers = {key: number(indicator[key]) for key in ("weight", "score", "declared")}
        yield {"department": department_of(result), **words, **numbers, "ratio": fraction(indicator["ratio"])}


def _signals(result: Result) -> Iterator[dict[str, Any]]:
    for signal in result["signals"]:
        light = LIGHT_NAMES.get(signal["level"], signal["level"])
        yield {"department": department_of(result), "light": light, "code": signal["code"], "message": signal["message"]}


def _common(findings: pd.DataFrame) -> pd.DataFrame:
    """Each code once: how often, in how many workbooks' departments, whose; the most widespread first."""
    if findings.empty:
        return pd.DataFrame(columns=["level", "code", "title", "count", "departments", "named", "example"])
    unanswered = findings[findings["level"] != ANSWERED]
    grouped = unanswered.groupby(["level", "code"], sort=False).agg(
        count=("code", "size"),
        departments=("department", "nunique"),
        named=("department", lambda names: _named(list(dict.fromkeys(names)))),
        example=("message", "first"),
    )
    common = grouped.reset_index()
    common["title"] = [catalogue()[code].title if code in catalogue() else "" for code in common["code"]]
    order = {name: number for number, name in enumerate(SEVERITY_NAMES.values())}
    common["order"] = common["level"].map(order)
    return common.sort_values(["order", "departments", "count", "code"], ascending=[True, False, False, True], kind="stable")


def _named(names: list[str]) -> str:
    more = f" 等{len(names)}家" if len(names) > NAMED_DEPARTMENTS else ""
    return "、".join(names[:NAMED_DEPARTMENTS]) + more
