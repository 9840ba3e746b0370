"""Words of the future in 履职 工作完成情况, a column for what has been done."""

import re
from collections.abc import Iterator

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding

SENTENCE = re.compile(r"[^。；;！!\n]+")
CLAUSE_END = "，,：:"
ACT = (
    "召开|开展|举办|举行|组织|实施|启动|推进|建设|新建|修建|改造|建成|开工|完工|竣工|投用|投产|出台|印发|制定|编制|修订|申报|上报|报送|采购|招标|签订|引进"
    "|安排|争取|完成|落实|建立|成立|打造|发放|拨付|支付|验收|入库|开通|上线|培训|调研|检查|提请|邀请"
)
COMING = "年底前|明年|下一年|下年|次年|来年|下季度|下个月|下月|下一步|近期|今后"
DATED = r"年底|年末|下半年|\d{4}年|\d{1,2}月"
DONE = re.compile(r"已|实际|累计|完成率|(?:全部|均)完成|(?<!为)了(?!解)")
PROGRESSIVE = re.compile(r"正在|正(?:稳步|有序|积极|加快|抓紧|全力)|(?:推进|进行|办理|建设|编制|审核)中")

# 目前 and 年底前 speak of what was not finished, unless the words after them say it was (“目前已全部完成”).
NOW = re.compile(r"目前")
YEAR_END = re.compile(r"(?:(?P<year>\d{4})|(?P<past>上|去|前))?年底前")
# 纠正在建项目 and 真正在 are other words; 在岗, 在编 and 在建 follow as nouns.
UNDER_WAY = re.compile(r"(?<![纠更真修校端公立])正在(?![岗编职册]|建(?![设立造成]))")
# 拟订, 草拟, 虚拟, 拟录用人员 are no intentions of an act.
INTENTION = re.compile(rf"(?<![虚模草比仿起研])拟(?:于|在|{COMING}|{DATED}|{ACT})(?!项目)")
# 计划 as a verb: before a time to come, or at the start of its clause before an act. 按计划, 完成计划, 下达计划, 投资计划 are nouns,
# 计划完成投资 is a figure.
PLAN_THEN = re.compile(rf"(?<![按照据的达成行度作划])计划(?:于|在)?(?:{COMING}|(?P<year>\d{{4}})年)")
PLAN_ACT = re.compile(
    r"(?:(?<=^)|(?<=[，,、：:局委还并也]))计划(?:再|继续)?(?!完成|投资|安排)"
    rf"(?:{ACT}|(?:于|在)?(?:{COMING}|{DATED}))"
)
WILL_BE = re.compile(rf"(?<![立随当])即将|将要|将(?:于|在)(?:{COMING}|{DATED})")


def future_tense(context: Context) -> Iterator[Finding]:
    """TEXT_001: a 工作完成情况 that speaks of what is still to come; one finding a cell, quoting the words."""
    if context.submission.is_project_kind:
        return
    for duty in context.submission.duties:
        phrases = future_phrases(duty.achievement.value or "", context.submission.basic.year.value)
        if phrases:
            yield make(
                "TEXT_001",
                duty.achievement,
                found="；".join(phrases),
                phrases="、".join(f"“{p}”" for p in phrases),
                answer=duty.deduction_reason,
            )


def future_phrases(text: str, year: int | None = None) -> list[str]:
    """The clauses of a text that speak of an act to come, as they are there, each once."""
    found: dict[str, None] = {}
    for sentence in SENTENCE.findall(text):
        for start, end in _future_places(sentence, year):
            found[_clause(sentence, start, end)] = None
    return [phrase for phrase in found if not any(phrase != other and phrase in other for other in found)]


def _future_places(sentence: str, year: int | None) -> Iterator[tuple[int, int]]:
    """Where words of the future are in a sentence."""
    for match in NOW.finditer(sentence):
        governed = _clause(sentence, *match.span())
        if not DONE.search(governed) or PROGRESSIVE.search(governed):
            yield match.span()
    for match in YEAR_END.finditer(sentence):
        past_year = match["past"] or (match["year"] and year is not None and int(match["year"]) < year)
        if (
            not past_year
            and not DONE.search(sentence[match.end() :])
            and not sentence[: match.start()].endswith(("已", "已于", "已在"))
        ):
            yield match.span()
    for match in UNDER_WAY.finditer(sentence):
        yield match.span()
    for pattern in (INTENTION, PLAN_THEN, PLAN_ACT, WILL_BE):
        for match in pattern.finditer(sentence):
            named = match.groupdict().get("year")
            if not DONE.search(sentence[match.end() :]) and (named is None or (year is not None and int(named) > year)):
                yield match.span()


def _clause(sentence: str, start: int, end: int) -> str:
    """The words between the punctuation marks around a place; where it ends its clause, with the clause that
    follows."""
    left = max(sentence.rfind(mark, 0, start) for mark in CLAUSE_END) + 1
    right = min((i for mark in CLAUSE_END if (i := sentence.find(mark, end)) >= 0), default=len(sentence))
    if right == end < len(sentence):
        right = min((i for mark in CLAUSE_END if (i := sentence.find(mark, right + 1)) >= 0), default=len(sentence))
    return sentence[left:right].strip()


CHECKS: tuple[Check, ...] = (future_tense,)
