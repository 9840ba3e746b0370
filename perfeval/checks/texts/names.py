"""Another department's name in the conclusion, as it stays behind in a text copied from elsewhere.

Recognised is a name made of a department's usual subject (教育, 发展和改革, 市场监管 …) and 局, 委员会, 委 or 厅, or any 局 with its
level (区投资促进局); 数据中心 or 应急办公室 may be anything. Partners (在区财政局指导下, 会同区审计局) are left alone.
"""

import re
from collections.abc import Iterator

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.submission import Basic

CONCLUSION = "评价结论补充"
SUBJECTS = (
    "发展和改革|发展改革|发改|教育和体育|教育体育|教体|教育科技|教育|科学技术|科技|经济和信息化|经济信息化|工业和信息化|经信|工信|公安|民政|司法|财政|人力资源和社会保障|人社"
    "|自然资源和规划|自然资源|生态环境|住房和城乡建设|住建|城乡建设|交通运输|交通|水利|水务|农业农村|农牧|商务|文化广播电视和旅游|文化广电和旅游|文化和旅游|文广旅|文旅"
    "|卫生健康|卫健|退役军人事务|退役军人|应急管理|应急|审计|市场监督管理|市场监管|统计|医疗保障|医保|林业和草原|林草|林业|国有资产监督管理|国资|信访|体育|机关事务管理|机关事务"
    "|行政审批|政务服务|城市管理|综合行政执法|综合执法|粮食和物资储备|粮食和储备|粮食|大数据|数据|档案|乡村振兴|民族宗教事务|民族宗教|民宗|气象|地方志|供销合作|残疾人联合"
)
OFFICE = r"(?<![格布大全开新结时破定僵变终])局(?![面势部限域])"  # not 格局, 布局, 局面 …
UNUSUAL = r"(?:(?![省市州县区旗在与和及同按照经由的把将对向是为了各我本全年度])[一-龥]){2,6}"  # 投资促进, 税务 …
NAME = re.compile(
    rf"[省市州县区旗]?(?:{SUBJECTS})(?:委员会|{OFFICE}|委(?![托任员派])|厅)|[省市州县区旗]{UNUSUAL}{OFFICE}"
)
REGION = re.compile(r"[一-龥]{2,3}[市州县区旗]$")
PARTNERS = re.compile(
    r"(?:在|按照|按|根据|依据|经|报|向|与|和|及|会同|联合|配合|协助|对接|通过|接受|受|送|请|由|被|获|得到|参加|、)[一-龥]{0,12}$"
)
CLAUSE_MARKS = "，,。；;：:！!\n（("
LEVELS = "省市州县区旗"
NO_REGION = "年度月日全我本各该们其在对将把和与导"


def foreign_names(context: Context) -> Iterator[Finding]:
    """TEXT_003: a department in the conclusion that is none of 部门名称, 部门简称, 加挂牌子."""
    basic = context.submission.basic
    if context.submission.is_project_kind or basic.department.value is None:
        return
    own = own_names(basic)
    for text in context.submission.texts:
        found = (
            strangers(text.content.value or "", own, basic.region.value or "")
            if text.chapter.value == CONCLUSION
            else []
        )
        if found:
            yield make(
                "TEXT_003",
                text.content,
                found="、".join(found),
                expected=basic.department.value,
                names=_quoted(found),
                own=_quoted(own),
            )


def own_names(basic: Basic) -> list[str]:
    """部门名称, 部门简称 and each of 加挂牌子."""
    plates = re.split(r"[、，,；;\s]+", basic.plates.value or "")
    return [name for name in (basic.department.value, basic.short_name.value, *plates) if name]


def _quoted(names: list[str]) -> str:
    return "、".join(f"“{name}”" for name in names)


def strangers(text: str, own: list[str], home: str) -> list[str]:
    """The department names of a text that are none of `own`, each once, with the region they are written with; `home`
    is the 行政区划."""
    found: dict[str, None] = {}
    for match in NAME.finditer(text):
        start = max(text.rfind(mark, 0, match.start()) for mark in CLAUSE_MARKS) + 1
        core = match[0].lstrip(LEVELS)
        region = _region(text[start : match.end() - len(core)])
        known_region = not region or any(region in name for name in (*own, home))
        is_own = known_region and any(_ends_a_name(core, name) for name in own)
        if not is_own and not PARTNERS.search(text[start : match.start()]):
            found[region + core if region else match[0]] = None
    return list(found)


def _region(before: str) -> str:
    """The region a name is written with; words that only look like one (2025年度区…) are none."""
    match = REGION.search(before)
    return match[0].lstrip(LEVELS) if match and not any(sign in match[0] for sign in NO_REGION) else ""


def _ends_a_name(core: str, own: str) -> bool:
    """Whether an own name is the core itself, or a region and the core."""
    return own == core or (own.endswith(core) and own[: -len(core)][-1:] in LEVELS)


CHECKS: tuple[Check, ...] = (foreign_names,)
