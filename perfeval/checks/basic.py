"""基本情况: what the workbook says of itself. A blank required cell has been reported by the reader."""

import re
from collections.abc import Iterator

from perfeval.checks.context import EARLIEST_YEAR, LATEST_YEAR, Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.names import nearest_name, odd_characters
from perfeval.rules.citing import is_elsewhere

# XX局, 某某单位, 某局, 部门名称: a sample that was never filled in; 某县教育局 leaves out the place alone
UNFINISHED_NAME = re.compile(r"某(?![省市州盟县区旗镇乡])|某.$|[XxＸｘ×*＊]{2,}|^(部门|单位|预算单位)(名称|全称)$")
CHINESE = re.compile(r"[一-鿿]")


def department_implausible(context: Context) -> Iterator[Finding]:
    """部门名称 that is no name: without any Chinese character, a sample such as “XX局”, or with a character that cannot be
    printed."""
    name = context.submission.basic.department
    if name.value and (
        UNFINISHED_NAME.search(name.value) or not CHINESE.search(name.value) or odd_characters(name.value)
    ):
        yield make("BASIC_001", name, expected="与单位公章一致的全称")


def year_implausible(context: Context) -> Iterator[Finding]:
    """评价年度 outside 2000…2100."""
    year = context.submission.basic.year
    if year.is_read and context.year is None:
        yield make("BASIC_002", year, expected=f"{EARLIEST_YEAR} 到 {LATEST_YEAR} 之间的年份")


def regulation_unknown(context: Context) -> Iterator[Finding]:
    """指标体系 that is not an installed one; the nearest is suggested."""
    chosen = context.submission.basic.regulation
    if not chosen.value or chosen.value in context.regulations:
        return
    fitting = _fitting(context)
    near = nearest_name(chosen.value, fitting)
    suggestion = f"是否为 {near}？" if near else ""
    yield make("BASIC_003", chosen, expected="、".join(fitting), suggestion=suggestion)


def _fitting(context: Context) -> list[str]:
    """The regulations that may be chosen for this kind of evaluation, without those whose time is over."""
    kind, year = context.kind, context.year
    known = context.regulations.values()
    return [r.id for r in known if (kind is None or r.kind == kind) and not r.is_over(year)]


def regulation_of_another_place(context: Context) -> Iterator[Finding]:
    """指标体系 made for a place the department does not lie in. A department of no name and no place is asked for both
    first."""
    basic, regulation = context.submission.basic, context.regulation
    place = basic.region if basic.region.is_read else basic.department
    if regulation and place.is_read and is_elsewhere(regulation, basic):
        yield make(
            "BASIC_007", basic.regulation, expected="本单位所在地规定的指标体系",
            region=regulation.region, filed=place.raw, related=(basic.region.ref,),
        )  # fmt: skip


def document_unconfirmed(context: Context) -> Iterator[Finding]:
    """指标体系 whose document nobody has read; one of another place has been asked about."""
    basic = context.submission.basic
    chosen = context.regulations.get(basic.regulation.value or "")
    if chosen and chosen.document and chosen.provenance.is_unconfirmed and not is_elsewhere(chosen, basic):
        issuer = chosen.issuer or "未写明的单位"
        yield make("BASIC_008", basic.regulation, expected="与文件原文核对过的指标体系", issuer=issuer)


def regulation_of_other_kind(context: Context) -> Iterator[Finding]:
    """指标体系 made for the other 评价类型."""
    basic, regulation = context.submission.basic, context.regulation
    if regulation is None or context.kind is None or regulation.kind == context.kind:
        return
    fitting = "、".join(_fitting(context))
    yield make(
        "BASIC_004",
        basic.regulation,
        expected=fitting,
        kind=context.kind,
        regulation_kind=regulation.kind,
        related=(basic.kind.ref,),
    )


def year_outside_regulation(context: Context) -> Iterator[Finding]:
    """评价年度 before the regulation's first or after its last year."""
    year, regulation = context.year, context.regulation
    if year is None or regulation is None:
        return
    first, last = regulation.effective_from, regulation.effective_to
    if (first and year < first.year) or (last and year > last.year):
        span = f"{f'{first.year}年' if first else ''}至{f'{last.year}年' if last else '今'}"
        yield make(
            "BASIC_005",
            context.submission.basic.year,
            expected=span,
            regulation=regulation.id,
            clause=regulation.provenance.words,
            related=(context.submission.basic.regulation.ref,),
        )


def staff_above_posts(context: Context) -> Iterator[Finding]:
    """年末实有人数 above the sum of the three kinds of 编制; asked only when all four are filled in."""
    basic = context.submission.basic
    posts = (basic.administrative_posts, basic.worker_posts, basic.institution_posts)
    counts = [p.value for p in posts if p.value is not None]
    if basic.staff.value is None or len(counts) < len(posts) or basic.staff.value <= sum(counts):
        return
    parts = " + ".join(str(count) for count in counts)
    yield make(
        "BASIC_006",
        basic.staff,
        expected=f"不超过 {sum(counts)}",
        parts=parts,
        posts=sum(counts),
        related=tuple(p.ref for p in posts),
    )


CHECKS: tuple[Check, ...] = (
    department_implausible,
    year_implausible,
    regulation_unknown,
    regulation_of_another_place,
    document_unconfirmed,
    regulation_of_other_kind,
    year_outside_regulation,
    staff_above_posts,
)
