"""The annex against itself and against the text: targets missed, scores, weights, and what the text says of them."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfeval.audit.annex import BY_DAY, IndicatorRow, indicator_tables, totals_of
from perfeval.audit.comparison import Comparison, Kind, adds_up, same
from perfeval.audit.forms import project_forms
from perfeval.audit.read import Report
from perfeval.audit.scores import OF_A_PROJECT
from perfeval.audit.text import NUMBER, Figure, Line, figure
from perfeval.model.numbers import Interval, half_up, show_number

CLAIMS = (
    re.compile("未(?:出现|发生|产生)(?:任何)?偏离"),
    re.compile(r"(?<![未非])(?:均|全部|全面)(?:已)?(?:实现|达到|完成)(?:了)?(?:[^，。；]{0,6})目标"),
    re.compile("圆满完成[^，。；]{0,12}目标"),
    re.compile(r"(?<![未非])(?:均已|已全部|全部已|已全面)(?:完成|达标|达到)"),
)
NAMED = re.compile(
    rf"^“(?P<name>.+?)”指标值(?P<sign>[≥≤=><])?(?P<target>{NUMBER})?(?P<unit>[^，。；]*)，"
    rf"实际完成(?P<actual>{NUMBER})?[^，。；]*，"
    rf"分值(?P<weight>{NUMBER})分，得(?P<score>{NUMBER})分"
)
TALLY = re.compile(
    r"绩效指标(?:共)?(?P<all>\d+)项，完成(?P<done>\d+)项，未完成或未得满分(?P<missed>\d+)项(?:，以文字填报、"
    r"由单位自评(?P<words>\d+)项)?"
)
MISSED_AGAIN = re.compile(r"部门整体绩效指标中有(?P<n>\d+)项未完成或未得满分")
ALL_DONE = re.compile(r"绩效指标(?:共)?(?P<all>\d+)项，均已完成")


def indicator_checks(report: Report) -> Iterator[Comparison]:
    """Every row, every indicator named in the text, and the numbers of indicators."""
    tables = list(indicator_tables(report))
    named = [(line, match) for line in report.lines for match in NAMED.finditer(line.plain)]
    reasons = {match["name"] for _, match in named} | _explained(report, tables)
    claim = _claim(report)
    for table in tables:
        for row in table:
            yield from _row(row, reasons, claim)
    for line, match in named:
        yield from _against_text(line, match, tables)
    yield from _tallies(report, tables)
    yield from _weights(report, tables)


def _claim(report: Report) -> Figure | None:
    """The sentence that says everything was reached; the most definite one."""
    for pattern in CLAIMS:
        for line in report.lines:
            match = pattern.search(line.plain)
            if match:
                return Figure(
                    ("line", line.number, match.start()), Decimal(0), match[0], line.where, line.quote(*match.span())
                )
    return None


EXPLAINS = re.compile("未完成|未达|未实现|没有完成|没有达|低于|高于|超出|偏差|不足")


def _explained(report: Report, tables: Sequence[Sequence[IndicatorRow]]) -> set[str]:
    """Indicators that the text itself names as missed."""
    names = {row.name for table in tables for row in table if row.met is False}
    return {name for name in names for line in report.lines if name in line.plain and EXPLAINS.search(line.plain)}


def _row(row: IndicatorRow, reasons: set[str], claim: Figure | None) -> Iterator[Comparison]:
    explained = row.name in reasons or bool(row.reason)
    if row.target is not None and row.actual is not None and claim is not None and not explained:
        says = (
            f"附表“{row.name}”的指标值是 {row.comparator}{row.target.shown}{row.unit}，实际完成"
            f" {row.actual.shown}{row.unit}，"
            f"没有达到，而正文写着“{claim.shown}”"
        )
        advice = "请核对实际完成值；确实没有达到的，正文要写明偏差和原因。"
        yield Comparison(
            Kind.PAIR, row.met is not False, says, (row.target, row.actual, claim), advice, (row.target, row.actual)
        )
    if row.score is None or row.weight is None:
        return
    says = f"附表“{row.name}”的得分 {row.score.shown} 分，超过权重 {row.weight.shown} 分"
    yield Comparison(Kind.PAIR, row.score.value <= row.weight.value, says, (row.score, row.weight))
    yield from _score(row, explained)


def _score(row: IndicatorRow, explained: bool) -> Iterator[Comparison]:
    """Full points for what is reached, fewer in proportion for what falls short. Where a reason is given the proportion
    may be another one (every regulation has its own); an = target that is passed, and a ceiling, are left to the
    regulation."""
    if row.met is None or row.score is None or row.weight is None or row.target is None or row.actual is None:
        return
    figures = (row.score, row.weight, row.target, row.actual)
    if row.actual.value == row.target.value and not explained:  # what goes beyond may be marked down by the regulation
        says = (
            f"附表“{row.name}”已达到指标值（{row.comparator}{row.target.shown}，实际 {row.actual.shown}），权重"
            f" {row.weight.shown} 分，得分却是 {row.score.shown} 分，没有写明原因"
        )
        advice = "达到指标值的应得满分；扣了分的请写明原因。"
        yield Comparison(Kind.RATE, row.score.value >= row.weight.value, says, figures, advice)
    if row.met is False and row.comparator in ("≥", ">") and 0 <= row.actual.value < row.target.value:
        expected = half_up(row.weight.value * row.actual.value / row.target.value)
        full = row.score.value == row.weight.value and expected != row.weight.value
        exact = Interval.printed(row.score.value).overlaps(Interval.printed(expected)) or row.score.value == 0
        says = (
            f"附表“{row.name}”的得分是 {row.score.shown} 分，而 {row.weight.shown} × {row.actual.shown} ÷"
            f" {row.target.shown} = {show_number(expected)} 分"
        )
        yield Comparison(Kind.RATE, (explained and not full) or exact, says, figures, "请重新计算这一行的得分。")


def _against_text(line: Line, match: re.Match[str], tables: Sequence[Sequence[IndicatorRow]]) -> Iterator[Comparison]:
    """An indicator that the text names with its figures, against its row; of several rows of one name the one that fits
    best."""
    rows = [row for table in tables for row in table if row.name == match["name"]]
    pairs = [
        [
            (key, figure(line, match, key), cell)
            for key in ("target", "actual", "weight", "score")
            if match[key]
            and (cell := getattr(row, key))
            and not (row.comparator == BY_DAY and key in ("target", "actual"))
        ]
        for row in rows
    ]
    best = min(pairs, key=lambda found: sum(a.value != b.value for _, a, b in found), default=[])
    words = {"target": "指标值", "actual": "实际完成值", "weight": "分值", "score": "得分"}
    for key, stated, cell in best:
        yield same(
            f"“{match['name']}”的{words[key]}，正文与附表，",
            stated,
            cell,
            "分" if key in ("weight", "score") else rows[0].unit,
        )


def _tallies(report: Report, tables: Sequence[Sequence[IndicatorRow]]) -> Iterator[Comparison]:
    """How many indicators there are, how many were reached and missed: of the department and of each project."""
    forms = list(project_forms(report))
    of_forms = {form.table for form in forms}
    department: Sequence[IndicatorRow] = next((table for table in tables if table[0].table not in of_forms), ())
    by_project = {form.name: form.indicators for form in forms}
    missed: Figure | None = None
    for line in report.lines:
        project = OF_A_PROJECT.match(line.plain)
        table = by_project.get(project["name"], ()) if project else department
        for match in TALLY.finditer(line.plain):
            whole, done, short = (figure(line, match, key) for key in ("all", "done", "missed"))
            others = [figure(line, match, "words")] if match["words"] else []
            yield adds_up("绩效指标的项数", whole, [done, short, *others], "项")
            missed = missed if project else short
            if table:
                yield _rows(whole, table)
                yield _missed(short, table)
        for match in ALL_DONE.finditer(line.plain):
            if table:
                yield _rows(figure(line, match, "all"), table)
    for line in report.lines:
        again = MISSED_AGAIN.search(line.plain)
        if again and missed:
            yield same("未完成或未得满分的项数，", missed, figure(line, again, "n"), "项")


def _rows(whole: Figure, table: Sequence[IndicatorRow]) -> Comparison:
    says = f"正文写绩效指标共 {whole.shown} 项，而附表有 {len(table)} 行"
    return Comparison(Kind.PAIR, whole.value == len(table), says, (whole,), "请核对附表的行数和正文的项数。")


def _missed(stated: Figure, table: Sequence[IndicatorRow]) -> Comparison:
    """The rows certainly missed, and those that may be: only words and dates cannot be known here."""
    certain = [row for row in table if _is_missed(row) is True]
    unsure = [row for row in table if _is_missed(row) is None]
    agrees = len(certain) <= stated.value <= len(certain) + len(unsure)
    says = f"正文写未完成或未得满分的有 {stated.shown} 项，而附表中没有达到指标值或没有得满分的有 {len(certain)} 项"
    cells = tuple(f for row in certain for f in (row.actual, row.target, row.score, row.weight) if f)
    # A row that looks reached only because of a wrong figure counts too: every row's figures may be the cause.
    every = tuple(f for row in table for f in (row.actual, row.target, row.score, row.weight) if f)
    return Comparison(Kind.PAIR, agrees, says, (stated, *cells), "请逐行核对附表，改正项数。", (stated, *every))


def _is_missed(row: IndicatorRow) -> bool | None:
    """Not met or short of its full points; None for what only the regulation can say: words, dates, an = target that
    was passed."""
    if row.score and row.weight and row.score.value < row.weight.value:
        return True
    if row.met is False and row.comparator == "=" and row.target and row.actual and row.actual.value > row.target.value:
        return None
    return None if row.met is None else not row.met


def _weights(report: Report, tables: Sequence[Sequence[IndicatorRow]]) -> Iterator[Comparison]:
    """A row 合计 of an indicator table against the weights above it, where each row has one."""
    for rows in report.tables:
        own = [row for table in tables for row in table if rows and row.table == rows[0].table]
        for row, number in totals_of(rows):
            weights = [r.weight for r in own if r.weight is not None]
            scores = [r.score for r in own if r.score is not None]
            if plain_total(row.cells) == "合计" and weights and len(weights) == len(own):
                total = Figure(
                    ("row", row.table, row.number, "total"),
                    Decimal(number),
                    number,
                    f"附表（{row.place}）",
                    "｜".join(c for c in row.cells if c),
                )
                if len(scores) != len(own):
                    yield adds_up("附表权重的合计", total, weights, "分")


def plain_total(cells: Sequence[str]) -> str:
    """Which word a total's row begins with."""
    return next((cell.strip() for cell in cells if cell.strip() in ("合计", "总分", "总计")), "")
