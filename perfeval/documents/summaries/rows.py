"""What the summary says of one workbook, from its object of 结果.json (docs/开发/结果文件.md)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from perfeval.findings.finding import SEVERITY_NAMES, Severity
from perfeval.model.numbers import HUNDRED
from perfeval.model.scorecard import BASIS_NAMES, Basis, execution_measure
from perfeval.model.status import STATUS_NAMES

Result = Mapping[str, Any]

ANSWERED = "疑点（已说明）"
RED, YELLOW = "red", "yellow"
LIGHT_NAMES = {RED: "红灯", YELLOW: "黄灯", "info": "参考"}
SEVERITY_COLUMNS = {"errors": "错误", "questions": "疑点", "answered": ANSWERED, "notices": "提示"}
NOT_THERE, NOT_SCORED = "—", BASIS_NAMES[Basis.NOT_SCORED]  # an item of another regulation; an item without score
NO_DEPARTMENT = "（部门名称未填）"
FEW_BLOCKS = 4


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


def workbook_row(result: Result) -> dict[str, Any]:
    """Its row of the sheet 汇总表; a missing number is None, never 0. The remark is for who knows of the run."""
    total = None if result.get("unscored") else number(result["total"])  # what lacks a part is no total to compare
    declared = number(result["declared_total"])
    levels = [level_name(f) for f in result["findings"]]
    lights = [s["level"] for s in result["signals"]]
    last = result.get("last_year")
    measure = result["measures"].get(execution_measure(result["kind"]), {})
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
        "last_year": last["year"] if last else None,
        "last_total": number(last["total"]) if last else None,
        "last_execution": fraction(last["execution_rate"]) if last else None,
        "not_scored": result.get("unscored") or 0,
        **{key: levels.count(name) for key, name in SEVERITY_COLUMNS.items()},
        "red": lights.count(RED),
        "yellow": lights.count(YELLOW),
        "file": result["source"]["file"],
        "remark": "",
    }


def scores_of_blocks(result: Result) -> dict[str, Decimal | str]:
    """The scores of the highest items, or of those below where there are only a few; a 项目支出 workbook has none."""
    items = [i for i in result["items"] if "subject" not in i]
    tops = [i for i in items if i["parent"] is None]
    below = [] if len(tops) >= FEW_BLOCKS else [i for i in items if i["parent"] in {t["id"] for t in tops}]
    return {
        f"{i['id']}\n{i['name']}": NOT_SCORED if i["score"] is None else Decimal(i["score"]) for i in [*tops, *below]
    }


def scored_items(result: Result) -> Iterator[tuple[str, str, str, Decimal, Decimal]]:
    """The leaves that have a score: regulation, id, name, points, 分值. What does not concern the department is none."""
    parents = {item["parent"] for item in result["items"]}
    for item in result["items"]:
        is_scored = item["score"] is not None and item["basis"] != Basis.NOT_APPLICABLE
        if item["id"] not in parents and is_scored and Decimal(item["max"] or 0):
            words = result["regulation"] or "", item["id"], item["name"]
            yield *words, Decimal(item["score"]), Decimal(item["max"])


def project_rows(result: Result) -> Iterator[dict[str, Any]]:
    """Its lines of 项目."""
    for project in result["projects"]:
        amounts = {
            key: number(project[key]) for key in ("initial_budget", "adjusted_budget", "executed", "total", "declared")
        }
        rates = {key: fraction(project[key]) for key in ("execution_rate", "carryover_rate")}
        words = {key: project[key] for key in ("name", "type", "grade")}
        yield {"department": department_of(result), "kind": result["kind"], **words, **amounts, **rates}


def finding_rows(result: Result) -> Iterator[dict[str, Any]]:
    """Its lines of 全部问题."""
    for finding in result["findings"]:
        yield {**finding, "department": department_of(result), "level": level_name(finding)}


def indicator_rows(result: Result) -> Iterator[dict[str, Any]]:
    """Its lines of 全部指标."""
    for indicator in result["indicators"]:
        words = {key: indicator[key] for key in ("subject", "l1", "l2", "l3", "nature", "target", "actual", "unit")}
        numbers = {key: number(indicator[key]) for key in ("weight", "score", "declared")}
        yield {"department": department_of(result), **words, **numbers, "ratio": fraction(indicator["ratio"])}


def signal_rows(result: Result) -> Iterator[dict[str, Any]]:
    """Its lines of 复核信号."""
    for signal in result["signals"]:
        light = LIGHT_NAMES.get(signal["level"], signal["level"])
        yield {
            "department": department_of(result),
            "light": light,
            "code": signal["code"],
            "message": signal["message"],
        }
