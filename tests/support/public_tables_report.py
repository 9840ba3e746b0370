"""docs/公开样本核对.md: how many scores of the public tables agree with the rules, and why each of the others does not.

`python tests/public_tables_report.py` (from the project's folder) writes it again; a test holds it equal to what the
tables give.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from places import ROOT
from planting import context_of, taken_in
from public_tables import FIRST, SHEET_OF_PROJECTS, PublicTable, public_tables

from perfeval.checks.run import run_checks
from perfeval.findings.finding import Finding, Severity
from perfeval.model.numbers import floor, show_points
from perfeval.model.scorecard import Basis, IndicatorScore, Scorecard

PAGE = ROOT / "docs" / "公开样本核对.md"
WHY = {  # table, and the row where one table has several causes
    ("002", ""): "页面的资金总额三个数都是 0，执行率无法计算；下一行的财政拨款另有数，两行自相矛盾",
    ("010", "预算执行率"): "页面四舍五入到整数",
    ("010", "指标1工程资金金额"): "页面四舍五入到整数",
    ("012", ""): "页面没有权重一列，程序按平均分配计算，页面的分值另有规定而没有公开",
    ("014", ""): "没有达到指标值，页面仍计满分",
    ("020", ""): "页面没有权重一列，程序按平均分配计算，页面的分值另有规定而没有公开",
    ("024", "预算执行率"): "页面写执行率 100%，按页面自己的金额 3824.26 ÷ 4753.66 = 80.45%",
    ("024", ""): "页面没有完成的直接扣 1 分，不按比例计算",
    ("025", "预算执行率"): "页面没有可以辨认的金额，只有执行率 79.27",
    ("025", "国家级公益林管护面积"): "页面的文字识别把“≥”认成了“2”：指标值应是 ≥8，不是 28",
    ("025", "森林抚育(营林)面积"): "页面的文字识别把“≥”认成了“2”：指标值应是 ≥1，不是 21",
    ("025", "天保工程区森林资源管护面积"): "页面的文字识别把“≥”认成了“2”：指标值应是 ≥50，不是 250",
    ("025", "主要林业有害生物成灾率"): "页面没有指标性质，程序按“≥”计算并提示；成灾率越低越好，指标性质应填“≤”",
    ("030", "预算执行率"): "页面的执行率是 20 分，四川省项目体系是 10 分",
    ("036", "预算执行率"): "页面的全年预算数是 0，执行率无法计算",
    ("036", "指标1:居民健康档案"): "没有达到指标值，页面仍计满分",
}
EXECUTION_FINDINGS = ("PROJECT_012", "PROJECT_013")  # other than computed; more than can be earned
AMOUNTS = ("调整后预算数", "执行数")
TRUNCATED, OWN_WAY = "页面截断到一位小数", "页面不是按完成比例计分，计分方法没有公开"
NOT_COMPUTED = (
    ("没有权重", "没有可用的权重"),
    ("页面上没有实际完成值，或等次没有选定", "没有可用的实际完成值"),
    ("页面上没有指标值，或指标值不是一个值", "没有可用的指标值"),
)
WORDS = "文字、区间或口径不同的两个值，程序不猜"


@dataclass(frozen=True)
class Line:
    """One score of one page beside the computed one; None where there is none."""

    table: PublicTable
    name: str
    page: Decimal | None
    computed: Decimal | None
    finding: bool
    explanation: str = ""
    unrounded: Decimal | None = None

    @property
    def differs(self) -> bool:
        return self.page is not None and self.page != self.computed

    @property
    def why(self) -> str:
        """Why page and rule differ. Raises KeyError for a difference nobody has explained."""
        known = WHY.get((self.table.id, self.name)) or WHY.get((self.table.id, ""))
        if known:
            return known
        if self.table.id == "036" and self.unrounded is not None:
            return TRUNCATED if floor(self.unrounded, 1) == self.page else OWN_WAY
        raise KeyError((self.table.id, self.name))


@cache
def evaluated(table: PublicTable) -> tuple[Scorecard, tuple[Finding, ...]]:
    """The table through reader, rules and checks."""
    taken = taken_in(table.workbook)
    assert taken.submission is not None, taken.findings
    context = context_of(taken.submission)
    assert context.scorecard is not None
    return context.scorecard, (*taken.findings, *run_checks(context))


def executions() -> Iterator[Line]:
    """预算执行率 of each table."""
    for table in public_tables():
        card, findings = evaluated(table)
        computed = card.items[0].score if card.items else None
        yield Line(
            table,
            "预算执行率",
            _number(table.facts["funds"]["score"]),
            computed,
            _reported(findings, *EXECUTION_FINDINGS) or _amount_stated(findings),
        )


def totals() -> Iterator[Line]:
    """The total of each table."""
    for table in public_tables():
        card, findings = evaluated(table)
        yield Line(table, "总分", _number(table.total), card.total, _reported(findings, "PROJECT_011"))


def _amount_stated(findings: tuple[Finding, ...]) -> bool:
    """Whether the amounts the execution is computed from have an error of their own."""
    return any(
        f.severity is Severity.ERROR and f.ref is not None and f.ref.sheet == SHEET_OF_PROJECTS and f.label in AMOUNTS
        for f in findings
    )


def _reported(findings: tuple[Finding, ...], *codes: str) -> bool:
    return any(f.code in codes for f in findings)


def indicators() -> Iterator[tuple[Line, IndicatorScore]]:
    """Every row of every table, with its score."""
    for table in public_tables():
        card, findings = evaluated(table)
        reported = {f.ref.row for f in findings if f.ref and f.code == "INDICATOR_015"}
        scores = {score.indicator.row: score for score in card.indicators}
        for row, facts in enumerate(table.facts["indicators"], FIRST):
            if row in scores:
                score = scores[row]
                computed = score.score if score.basis is Basis.COMPUTED else None
                yield (
                    Line(
                        table,
                        facts["l3"],
                        _number(facts["score"]),
                        computed,
                        row in reported,
                        score.explanation,
                        _unrounded(score),
                    ),
                    score,
                )


def _unrounded(score: IndicatorScore) -> Decimal | None:
    return score.weight * score.ratio if score.weight is not None and score.ratio is not None else None


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def page() -> str:
    """The document."""
    execution, rows = list(executions()), [line for line, _ in indicators()]
    return "\n".join((*_head(), *_executions(execution), *_indicators(rows), *_totals(list(totals())))) + "\n"


def _head() -> Iterator[str]:
    yield "# 公开样本核对"
    yield ""
    yield (
        f"`tests/data/cases` 收了 {len(public_tables())} 张各地公开的自评表，文字按页面原样转录。"
        "测试把每张表填成一份项目支出填报工作簿（部门的表也是同一形状："
    )
    yield (
        "预算执行率加绩效指标），用四川、湖北或全国的项目支出体系计算，再与页面上的得分并排比较。页面的得分是单位自评，"
        "只是佐证，不是标准答案；"
    )
    yield (
        "与计算不同的，程序都在那一格提出（预算执行率 PROJECT_012，超过满分的 PROJECT_013，无法计算的在金额格上，指标"
        " INDICATOR_015，总分 PROJECT_011），两个数并列，"
    )
    yield "不改动页面的数。本页由 `tests/public_tables_report.py` 生成，测试保证它与实际一致。"


def _executions(lines: list[Line]) -> Iterator[str]:
    computed, stated = (
        [line for line in lines if line.computed is not None],
        [line for line in lines if line.page is not None],
    )
    differing = [line for line in stated if line.differs]
    yield "\n## 预算执行率得分\n"
    yield (
        f"{len(lines)} 张表中，有金额可以计算的 {len(computed)} 张；页面写了得分的 {len(stated)} 张，其中一致的"
        f" {len(stated) - len(differing)} 张，其余 {len(differing)} 张："
    )
    yield from _table(differing)


def _indicators(rows: list[Line]) -> Iterator[str]:
    computed = [line for line in rows if line.computed is not None]
    stated = [line for line in computed if line.page is not None]
    differing = [line for line in stated if line.differs]
    yield "\n## 绩效指标得分\n"
    yield (
        f"{len(rows)} 个指标中，两个值可以直接比较、能按规则计算的 {len(computed)} 个；其中页面写了得分的 {len(stated)}"
        f" 个，一致的 {len(stated) - len(differing)} 个，其余 {len(differing)} 个："
    )
    yield from _table(differing)
    yield f"\n另外 {len(rows) - len(computed)} 个指标程序没有计算，有自评得分的按自评得分列出：\n"
    yield "| 原因 | 指标数 |\n|---|---|"
    yield from (
        f"| {why} | {count} |"
        for why, count in Counter(_why_not(line) for line in rows if line.computed is None).most_common()
    )


def _totals(lines: list[Line]) -> Iterator[str]:
    stated = [line for line in lines if line.page is not None]
    computed = [line for line in stated if line.computed is not None]
    yield "\n## 总分\n"
    yield f"页面写了总分的 {len(stated)} 张；其中各项都能计算或有自评得分、程序算得出总分的 {len(computed)} 张，"
    yield f"总分一致的 {sum(not line.differs for line in computed)} 张。"


def _why_not(line: Line) -> str:
    return next((why for why, words in NOT_COMPUTED if words in line.explanation), WORDS)


def _table(lines: list[Line]) -> Iterator[str]:
    yield "\n| 表 | 指标 | 页面得分 | 计算得分 | 不同的原因 |\n|---|---|---|---|---|"
    for line in lines:
        computed = show_points(line.computed) if line.computed is not None else "无法计算"
        name = line.name.replace("*", "＊").replace("|", "｜")
        yield f"| {line.table.id} | {name} | {line.page} | {computed} | {line.why} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
