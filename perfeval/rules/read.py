"""Raw TOML of one regulation → Regulation. Shapes and words are checked here, what must add up in `soundness`."""

from collections import Counter
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from perfeval.findings.catalogue import catalogue
from perfeval.findings.finding import Severity
from perfeval.model.numbers import ZERO
from perfeval.model.regulation import (
    UNKNOWN,
    Confidence,
    GradeBand,
    Item,
    Method,
    NotApplicable,
    ProgressMark,
    Provenance,
    Regulation,
    Rounding,
    Threshold,
    YearDay,
)
from perfeval.model.submission import DEPARTMENT_KIND, PROJECT_KIND
from perfeval.rules.faults import Faults, Table, one_of, shown
from perfeval.rules.formula_soundness import in_order
from perfeval.rules.outline import read_outline
from perfeval.rules.ranges import CHARACTERS, MULTIPLE, PER_CENT, SHARE, TIMES, WAN_YUAN
from perfeval.rules.read_facts import read_alternatives, read_asked, read_caps, read_facts
from perfeval.rules.read_indicators import read_indicator_rules
from perfeval.rules.shares import shared_out
from perfeval.rules.soundness import check_contiguous

# The limits the checks ask about, and the numbers each may be; a regulation that sets none asks nothing.
THRESHOLDS = {
    "adjustment_rate_limit": SHARE, "execution_rate_floor": SHARE, "carryover_rate_limit": SHARE,
    "over_fulfilment": MULTIPLE, "signal_outcome_over_execution": SHARE, "signal_unexecuted": SHARE,
    "reason_characters": CHARACTERS,
    "basic_per_head_high": WAN_YUAN, "basic_per_head_usual": WAN_YUAN, "basic_per_head_low": WAN_YUAN,
    "department_total_high": WAN_YUAN, "usual_in_yuan": WAN_YUAN, "least_in_yuan": WAN_YUAN,
    "indicator_over": TIMES, "indicator_under": SHARE,
    "unit_tolerance": TIMES, "part_over_whole": TIMES, "assets_over_total": TIMES, "sum_apart": TIMES,
}  # fmt: skip
HUNDRED_POINTS = Decimal(100)
SHARED = "share"
UNCONFIRMED = "待核"


def read_regulation(
    raw: Mapping[str, Any], file: str, projects: Mapping[str, Regulation], faults: Faults, broken: Collection[str] = ()
) -> Regulation | None:
    """The regulation, or None where it cannot even be put together; `projects` are the project schemes a department's
    may name.

    `broken` are the ids of those that have faults of their own: naming one is no further fault.
    """
    before = len(faults.lines)
    regulation = assemble(raw, file, projects, faults, broken)
    named = regulation.project_regulation
    return (
        regulation if len(faults.lines) == before and (named is None or named.id == raw["project_regulation"]) else None
    )


def assemble(
    raw: Mapping[str, Any], file: str, projects: Mapping[str, Regulation], faults: Faults, broken: Collection[str] = ()
) -> Regulation:
    """The regulation with stand-ins where there are faults: good for looking for more faults, for nothing else."""
    table = Table(raw, "", file, faults)
    own = _provenance(table, None)
    kind = table.choice("kind", (DEPARTMENT_KIND, PROJECT_KIND))
    scheme = _project_regulation(table, kind, projects, broken)
    indicators = scheme.indicators if scheme else read_indicator_rules(table.table("indicators"), own)
    if kind == DEPARTMENT_KIND and "indicators" in raw:
        table.fault("indicators", "不写：部门整体的绩效指标用 project_regulation 的规则", "在部门整体的指标体系里出现")
    rounding = Rounding(table.choice("rounding", Rounding))
    asked = read_asked(table, _stated)
    shares_out = table.choice("points", (SHARED,), "") == SHARED
    regulation = Regulation(
        id=table.text("id"),
        title=table.text("title"),
        issuer=table.text("issuer", ""),
        document_number=table.text("document_number", ""),
        kind=kind,
        effective_from=table.day("effective_from"),
        effective_to=table.day("effective_to"),
        items=shared_out(_items(table, own, shares_out=shares_out), rounding),
        grades=_grades(table),
        indicators=indicators,
        rounding=rounding,
        thresholds=_thresholds(table.table("thresholds")),
        entry_deadline=_year_day(table.table("entry_deadline")),
        progress_marks=_progress_marks(table),
        severities=_severities(table.table("severities")),
        provenance=own,
        source_note=table.text("source_note", ""),
        project_regulation=scheme,
        inputs=asked,
        facts=in_order(read_facts(table, asked, _stated), partial(faults.add, file)),
        caps=read_caps(table, _stated),
        shares_out=shares_out,
        deduction_column=table.flag("deduction_column", False),
        region=table.text("region", ""),
        document=table.text("document", ""),
        outline=read_outline(table.table("outline")),
    )
    table.close()
    first, last = regulation.effective_from, regulation.effective_to
    if first and last and last < first:
        table.fault("effective_to", f"不早于 effective_from（{first}）的日期")
    return regulation


def _project_regulation(
    table: Table, kind: str, projects: Mapping[str, Regulation], broken: Collection[str]
) -> Regulation | None:
    named = table.take("project_regulation")
    if kind == PROJECT_KIND:
        if named is not None:
            table.fault("project_regulation", "不写：只有部门整体的指标体系要指定")
        return None
    table.take("indicators")
    if not isinstance(named, str) or named not in projects:
        if not isinstance(named, str) or named not in broken:
            table.fault("project_regulation", f"一个项目支出指标体系的编号（{'、'.join(projects) or '没有可用的'}）")
        return next(iter(projects.values()), None)
    return projects[named]


def _provenance(table: Table, inherited: Provenance | None) -> Provenance:
    clause = table.text("clause", inherited.clause if inherited else None)
    confidence = table.choice("confidence", Confidence, inherited.confidence if inherited else None)
    return Provenance(clause, Confidence(confidence))


def _stated(table: Table) -> Provenance:
    """The clause and confidence of an entry that has its own."""
    return _provenance(table, UNKNOWN)


def _items(table: Table, own: Provenance, *, shares_out: bool) -> tuple[Item, ...]:
    entries = table.tables("items")
    if not entries:
        table.fault("items", "至少一个指标，每个写作 [[items]]", "没有")
    levels: dict[str, int] = {}
    children = Counter(str(entry.values.get("parent")) for entry in entries)
    sharing = {entry.values.get("id") for entry in entries if entry.values.get("points") == SHARED}
    sharing |= {None, ""} if shares_out else set()
    return tuple(_item(entry, own, levels, children, sharing) for entry in entries)


def _item(
    table: Table, own: Provenance, levels: dict[str, int], children: Counter[str], sharing: Collection[Any]
) -> Item:
    """`levels` of the items before it; `children`: how many items name each parent, of one that is missing reported but
    once; `sharing` are the parents whose children state their points in per cent."""
    item_id = table.text("id")
    table.where = f"items {item_id}" if item_id else table.where
    parent = table.text("parent", "") or None
    if parent is not None and parent not in levels and (named := children.pop(parent, 0)):
        table.fault(
            "parent", "一个写在前面的指标的编号", shown(parent) + (f"（{named} 个指标的上级）" if named > 1 else "")
        )
    if item_id in levels:
        table.fault("id", "没有用过的编号", "与前面的指标重复")
    levels[item_id] = levels.get(parent, 0) + 1 if parent else 1
    method = Method(table.choice("method", Method)) if table.take("method") is not None else None
    share = _share(table) if parent in sharing else None
    inputs = table.table("inputs")
    item = Item(
        id=item_id,
        name=table.text("name"),
        parent=parent,
        level=levels[item_id],
        max_points=table.number("max_points") if share is None else ZERO,
        method=method,
        provenance=_provenance(table, None if method else own),
        inputs={role: inputs.text(role) for role in inputs.values},
        parameters=_decimals(table.table("parameters").values),
        fallback=table.flag("fallback", True),
        not_applicable=NotApplicable(table.choice("not_applicable", NotApplicable, NotApplicable.FULL)),
        remark=table.text("remark", ""),
        alternatives=read_alternatives(table, _decimals),
        share=share,
        shares_out=table.choice("points", (SHARED,), "") == SHARED,
    )
    if share is None and "share" in table.values:
        table.take("share")
        table.fault("share", '不写：只有上级写了 points = "share" 才写，写 max_points')
    table.close()
    return item


def _share(table: Table) -> Decimal:
    """The part of its parent in per cent, in the place of max_points."""
    if table.take("max_points") is not None:
        table.fault("max_points", "不写：上级的分值按百分比分，写 share")
    return table.number("share", within=PER_CENT)


def _decimals(value: Any) -> Any:
    """Whole numbers of TOML as Decimal, all the way down; flags and words as they are."""
    if isinstance(value, Mapping):
        return {key: _decimals(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return tuple(_decimals(entry) for entry in value)
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _grades(table: Table) -> tuple[GradeBand, ...]:
    bands = []
    for entry in table.tables("grades"):
        bands.append((entry.text("name"), entry.number("lower"), entry.number("upper")))
        entry.close()
    check_contiguous(table, "grades", bands, HUNDRED_POINTS)
    return tuple(GradeBand(name, lower) for name, lower, _ in sorted(bands, key=lambda band: -band[1]))


def _thresholds(table: Table) -> dict[str, Threshold]:
    found = {}
    for name, allowed in THRESHOLDS.items():
        if name in table.values:
            entry = table.table(name)
            found[name] = Threshold(entry.number("value", within=allowed), _provenance(entry, None))
            entry.close()
        table.take(name)
    table.close()
    return found


def _year_day(table: Table) -> YearDay | None:
    if not table.values:
        return None
    month, day = table.whole("month", 1, 12), table.whole("day", 1, 31)
    if day > (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31) or (month, day) == (2, 29):
        table.fault("day", f"{month} 月每年都有的一天")
    found = YearDay(month, day, table.whole("year_offset", -5, 5), _provenance(table, None))
    table.close()
    return found


def _progress_marks(table: Table) -> tuple[ProgressMark, ...]:
    marks = []
    for entry in table.tables("progress_marks"):
        marks.append(
            ProgressMark(entry.whole("month", 1, 12), entry.number("share", within=SHARE), _provenance(entry, UNKNOWN))
        )
        entry.close()
    return tuple(sorted(marks, key=lambda mark: mark.month))


def _severities(table: Table) -> dict[str, str]:
    found = {}
    for code, level in table.values.items():
        if code not in catalogue():
            table.faults.add(table.file, table.key(code), "是没有的问题编号", "perfeval explain --all 列出的编号")
        if level not in list(Severity):
            table.faults.add(table.file, table.key(code), shown(level), one_of(Severity))
        found[code] = str(level)
    return found
