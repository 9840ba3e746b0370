"""Income and spending as the report states them: how much in which stage, and what it is made of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from perfeval.audit.read import Report
from perfeval.audit.text import NUMBER, Figure, Line, figure

STAGES = {"年初预算": re.compile("年初"), "调整后预算": re.compile("调整后|调整预算"), "决算": re.compile("决算")}
SEGMENT = re.compile("[^。；]+")
TOTAL = re.compile(rf"(?P<side>收入|支出)(?:总额|合计|总计|总数)?(?:为|共|共计|共有|是)?(?P<n>{NUMBER})万元")
PART = re.compile(rf"(?P<name>[^，、。；：\d]{{0,30}}?[^，、。；：\d为共计])(?:为|共|共计)?(?P<n>{NUMBER})万元")
BY_SOURCE = re.compile("按(?:资金)?来源分")
LISTED = re.compile("其中：?(?P<list>.*)")
SOURCES = ("财政拨款", "上年结转", "单位资金", "其他资金")
KINDS = ("基本支出", "项目支出")


@dataclass
class Statement:
    """A total of a stage, and its parts by name, by kind and by source."""

    stage: str
    side: str  # 收入 or 支出
    of_appropriation: bool
    total: Figure
    line: Line
    parts: dict[str, Figure] = field(default_factory=dict)
    all_named: bool = True

    @property
    def name(self) -> str:
        """年初预算收入."""
        return f"{self.stage}{self.side}"

    def sources(self) -> dict[str, Figure]:
        """The parts that say where the money comes from."""
        return {name: found for name, found in self.parts.items() if name in SOURCES}

    def kinds(self) -> dict[str, Figure]:
        """The parts that say what it is spent on."""
        return {name: found for name, found in self.parts.items() if name in KINDS}


def statements(report: Report) -> list[Statement]:
    """Every stated total of income or spending, in the order of the report."""
    return [statement for line in report.lines for statement in _in_line(line)]


def _in_line(line: Line) -> Iterator[Statement]:
    current: Statement | None = None
    for segment in SEGMENT.finditer(line.plain):
        start, end = segment.span()
        total = next((m for m in TOTAL.finditer(line.plain, start, end) if _stage(_head(line, m))), None)
        if total:
            if current:
                yield current
            current = _statement(line, total)
            listed = LISTED.search(line.plain, total.end(), end)
            if listed:
                _take_parts(current, *listed.span("list"))
        elif current and BY_SOURCE.match(segment[0]):
            _take_parts(current, start, end)
    if current:
        yield current


def _head(line: Line, total: re.Match[str]) -> str:
    """The words of the total's own clause in front of it: 2025年年初预算."""
    return re.split("[，。；]", line.plain[: total.start()])[-1]


def _stage(head: str) -> str | None:
    return next((name for name in reversed(STAGES) if STAGES[name].search(head)), None)


def _statement(line: Line, total: re.Match[str]) -> Statement:
    head = _head(line, total)
    return Statement(_stage(head) or "", total["side"], "财政拨款" in head, figure(line, total, "n"), line)


def _take_parts(statement: Statement, start: int, end: int) -> None:
    for match in PART.finditer(statement.line.plain, start, end):
        before = statement.line.plain[start : match.start("n")]
        if before.count("(") > before.count(")"):
            continue  # a part of a part
        name = part_name(match["name"])
        if name in statement.parts or not name:
            statement.all_named = False
        else:
            statement.parts[name] = figure(statement.line, match, "n")


def part_name(words: str) -> str:
    """本年财政拨款收入 → 财政拨款: without 本年 and without the side, which may or may not be written."""
    bare = re.sub("^(?:本年|其中|按(?:资金)?来源分|一般公共预算)", "", words)
    bare = bare.removesuffix("收入") if bare != "收入" else bare
    return bare.removesuffix("支出") if bare.removesuffix("支出") in SOURCES else bare
