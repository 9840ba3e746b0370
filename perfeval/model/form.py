"""The one declaration of the filing workbook (docs/开发/填报表.md). It drives the blank template, the reader, the messages
and the glossary.

Sheet names, column headers and row labels are the public interface: columns may be added, none renamed.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from perfeval.model.money_units import WAN, YUAN
from perfeval.model.project_types import PROJECT_TYPES
from perfeval.model.submission import (
    DEPARTMENT_KIND,
    NO,
    NOT_CONCERNED,
    PARTLY,
    PROJECT_KIND,
    YES,
)

TEMPLATE_VERSION = "1.2"
TEMPLATE_IDS = {DEPARTMENT_KIND: "PERFEVAL-DEPT", PROJECT_KIND: "PERFEVAL-PROJ"}
TEMPLATE_ID_LABEL, TEMPLATE_VERSION_LABEL = "模板编号", "模板版本"
GRAND_TOTAL_LABEL = "综合得分"
HEADER_SEARCH_ROWS = 12
WITHHELD_MARK = "（不公开）"  # behind a header: its column is left out of the edition for publication
LIST_SHEET = "下拉选项"  # the template's own hidden sheet for long drop-down lists
FINDINGS_SHEET = "问题清单"  # first sheet of a returned workbook
PREFILL_SHEET = "读入说明"  # last sheet of a prefilled workbook: where each value comes from

CHAPTERS = ("国有资本经营预算与社保基金预算说明", "重点领域绩效分析", "绩效结果应用", "评价结论补充", "其他说明")
YES_NO = (YES, NO, NOT_CONCERNED)
FUND_SOURCES = ("当年财政拨款", "上年结转资金", "其他资金")  # of a project, as the national 自评表 lists them
NATURES = ("≥", "≤", "=", ">", "<", "定性")
REASONS = ("deviation_reason", "deduction_reason")
EXPLAINING = ("note", *REASONS)  # the columns in which a question is answered
# the columns whose words the report prints as they are
PRINTED = ("annual_goal", "goal_reached", "content", "achievement", "improvement", "problem", "suggestion")


class Kind(StrEnum):
    """What a cell holds."""

    __hash__ = str.__hash__  # looked up with every cell: as the word it is, not by the slower way of an Enum

    TEXT = "text"
    LONG_TEXT = "long_text"
    AMOUNT = "amount"  # in 金额单位; 万元 behind the reader
    NUMBER = "number"  # in the unit the row names
    POINTS = "points"
    COUNT = "count"  # a whole number
    MONTH = "month"
    YEAR = "year"
    DATE = "date"
    RATE = "rate"
    CHOICE = "choice"
    READING = "reading"  # 指标值, 实际完成值: number, date, level or words


class Need(StrEnum):
    """Whether a blank is an error, and who says so."""

    REQUIRED = "required"  # the reader
    BY_RULE = "by_rule"  # a check: it depends on the regulation or on the whole sheet
    OPTIONAL = "optional"


class Shape(StrEnum):
    """How a sheet is laid out."""

    NOTES = "notes"  # text
    LABELS = "labels"  # label, value, requirement: one field a row
    GRID = "grid"  # labelled rows × columns
    TABLE = "table"  # one record a row


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table or grid, or a labelled value. `key` is the entity's attribute; `list_key` names a drop-down
    known only later.

    `added` is the template version that brought the column, "" for the first: a workbook without a column added since
    is no faulty one. `above_zero`: a 0 can never be right there. `is_private`: not in the edition for publication;
    `may_be_withheld`: nor where the official marks the column so (WITHHELD_MARK), as with every long text.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    need: Need = Need.OPTIONAL
    choices: tuple[str, ...] = ()
    list_key: str = ""  # regulations | subjects: a drop-down whose entries are known when the template is written
    help: str = ""
    width: float = 14
    added: str = ""
    above_zero: bool = False
    is_private: bool = False
    may_be_withheld: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """A labelled row of a grid; `used` limits the row to some columns, `added` as in `Field`."""

    key: str
    label: str
    used: tuple[str, ...] = ()
    optional: bool = False
    kind: Kind | None = None
    help: str = ""
    added: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the form. `label_header` is the header above the labels of a LABELS or GRID sheet."""

    name: str
    shape: Shape
    key: str  # the Submission's attribute
    fields: tuple[Field, ...]
    rows: tuple[GridRow, ...] = ()
    label_header: str = "项目"
    kinds: tuple[str, ...] = (DEPARTMENT_KIND,)
    guide: str = ""
    prepared_rows: int = 0
    unit_line: str = ""
    added: str = ""  # the template version that brought the sheet: a workbook may be without it

    def field(self, key: str) -> Field:
        """The field of that key. Raises StopIteration for an unknown key."""
        return next(f for f in self.fields if f.key == key)


BOTH = (DEPARTMENT_KIND, PROJECT_KIND)
UNIT_LINE = "单位：万元"
SOURCE = "支出来源："  # before the names of the four sources of spending
SOURCE_HELP = "没有的可以不填；四个来源之和等于支出合计"

NOTES = Sheet("填报说明", Shape.NOTES, "notes", (), kinds=BOTH)

BASIC = Sheet(
    "基本情况",
    Shape.LABELS,
    "basic",
    (
        Field(
            "kind",
            "评价类型",
            Kind.CHOICE,
            Need.REQUIRED,
            BOTH,
            help="必填。部门整体：填全部工作表；项目支出：只填基本情况、项目、指标",
        ),
        Field("department", "部门名称", Kind.TEXT, Need.REQUIRED, help="必填。与单位公章一致的全称"),
        Field("short_name", "部门简称", help="报告正文中使用的简称，如“区发改局”"),
        Field("budget_code", "预算编码", help="预算一体化系统中的单位编码"),
        Field("region", "行政区划", help="省、市、县（区）全称"),
        Field("year", "评价年度", Kind.YEAR, Need.REQUIRED, help="必填。四位数字的年度"),
        Field(
            "regulation",
            "指标体系",
            Kind.CHOICE,
            Need.REQUIRED,
            list_key="regulations",
            help="必填。从下拉列表中选择财政部门规定的指标体系",
        ),
        Field("nature", "机构性质", help="如：县人民政府工作部门；可不填", added="1.2"),
        Field("rank", "机构规格", help="如：正科级"),
        Field("plates", "加挂牌子", help="多个牌子用顿号分隔；没有的不填"),
        Field("offices", "内设机构", Kind.LONG_TEXT, help="多个机构用顿号分隔"),
        Field("administrative_posts", "行政编制人数", Kind.COUNT, help="整数，单位：名"),
        Field("worker_posts", "机关工勤编制人数", Kind.COUNT, help="整数，单位：名"),
        Field("institution_posts", "事业编制人数", Kind.COUNT, help="整数，单位：名"),
        Field("staff", "年末实有人数", Kind.COUNT, help="整数，评价年度12月31日在职人数"),
        Field("annual_goal", "年度总体目标", Kind.LONG_TEXT, help="与批复的年度绩效目标一致"),
        Field("filler", "填报人", is_private=True),
        Field("phone", "联系电话", is_private=True),
        Field("reviewer", "审核人", is_private=True),
        Field("data_cutoff", "数据截止日期", Kind.DATE, help="年-月-日；一般为评价年度12月31日"),
        Field("filing_date", "填报日期", Kind.DATE, help="年-月-日；用作报告的成文日期"),
        Field(
            "money_unit",
            "金额单位",
            Kind.CHOICE,
            choices=(WAN, YUAN),
            help="万元或元；不填的按万元。各表的金额用同一个单位",
            added="1.2",
        ),
    ),
    kinds=BOTH,
    guide="只填“填报内容”一列。",
)

FUNCTIONS = Sheet(
    "机构职能",
    Shape.TABLE,
    "functions",
    (
        Field("number", "序号", width=8),
        Field("content", "职能内容", Kind.LONG_TEXT, help="按“三定”规定逐条填写", width=100),
    ),
    guide="按“三定”规定逐条填写，一条一行；续行的内容不填序号。",
    prepared_rows=30,
)

MONEY = Sheet(
    "收支",
    Shape.GRID,
    "money",
    (
        Field("initial", "年初预算数", Kind.AMOUNT, Need.BY_RULE, width=16),
        Field("adjusted", "调整后预算数", Kind.AMOUNT, Need.BY_RULE, width=16),
        Field("final", "决算数", Kind.AMOUNT, Need.BY_RULE, width=16),
        Field("note", "说明", Kind.LONG_TEXT, width=48),
    ),
    rows=(
        GridRow("income_total", "收入合计"),
        GridRow("appropriation", "财政拨款收入"),
        GridRow("opening_carryover", "上年结转"),
        GridRow("unit_funds", "单位资金收入"),
        GridRow("other_funds", "其他资金收入"),
        GridRow("expenditure_total", "支出合计"),
        GridRow("basic_expenditure", "基本支出"),
        GridRow("project_expenditure", "项目支出"),
        GridRow("spent_from_appropriation", "支出来源：财政拨款"),
        GridRow("spent_from_carryover", "支出来源：上年结转"),
        GridRow("spent_from_unit_funds", "支出来源：单位资金", optional=True, help=SOURCE_HELP, added="1.2"),
        GridRow("spent_from_other_funds", "支出来源：其他资金", optional=True, help=SOURCE_HELP, added="1.2"),
        GridRow("taken_back", "收回或注销数", used=("final",)),
        GridRow("closing_carryover", "年末结转结余", used=("final",)),
        GridRow("plan_issued", "全年下达单位计划数", used=("final",)),
        GridRow("paid", "全年单位实际支付数", used=("final",)),
        GridRow("annex_total", "附表资金总额", used=("initial",), optional=True, help="选填。与收入合计不同时才填"),
    ),
    guide="没有的填 0，不要留空；合计由单位填写，程序会逐项复核。",
    unit_line=UNIT_LINE,
)

CUT = Sheet(
    "压减",
    Shape.GRID,
    "cut",
    (
        Field("previous", "上年", Kind.AMOUNT, Need.REQUIRED, width=16, above_zero=True),
        Field("current", "本年", Kind.AMOUNT, Need.REQUIRED, width=16),
        Field("note", "说明", Kind.LONG_TEXT, width=48),
    ),
    rows=(GridRow("initial_budget", "一般性支出年初预算"), GridRow("executed", "一般性支出执行数")),
    guide="压减率由程序计算，不用填写。",
    unit_line=UNIT_LINE,
)

CONTROLLED = Sheet(
    "控制支出",
    Shape.TABLE,
    "controlled_items",
    (
        Field("name", "支出名称", width=32),
        Field("budget", "本年预算数", Kind.AMOUNT, Need.REQUIRED, width=16),
        Field("executed", "本年执行数", Kind.AMOUNT, Need.REQUIRED, width=16),
        Field("note", "说明", Kind.LONG_TEXT, width=48),
    ),
    guide="“三公”经费等控制性支出，一项一行。",
    prepared_rows=12,
    unit_line=UNIT_LINE,
)

PROGRESS = Sheet(
    "支出进度",
    Shape.TABLE,
    "progress",
    (
        Field("month", "截止月份", Kind.MONTH, help="1 到 12 的整数", width=12),
        Field("spent", "累计支出数", Kind.AMOUNT, width=16),
        Field("note", "说明", Kind.LONG_TEXT, width=48),
    ),
    guide="一般填 6 月末和 10 月末两行；没有数据的可以不填。",
    prepared_rows=12,
    unit_line=UNIT_LINE,
)

MANAGEMENT = Sheet(
    "管理数据",
    Shape.GRID,
    "management",
    (Field("value", "数值", Kind.AMOUNT, width=16), Field("note", "说明", Kind.LONG_TEXT, width=48)),
    rows=(
        GridRow("asset_system_value", "资产系统账面原值"),
        GridRow("asset_ledger_value", "财务账面资产原值"),
        GridRow("reports_due", "应报送资产报表次数", kind=Kind.COUNT),
        GridRow("reports_on_time", "按时准确报送次数", kind=Kind.COUNT),
        GridRow("procurement_budget", "采购预算金额"),
        GridRow("procurement_actual", "实际采购金额"),
        GridRow("procurement_small_firms", "面向中小企业采购金额"),
    ),
    guide="空白表示未提供：相应指标按单位自评得分计。",
    unit_line="单位：万元、次",
)

DUTIES = Sheet(
    "履职",
    Shape.TABLE,
    "duties",
    (
        Field("name", "职能名称", need=Need.REQUIRED, width=22),
        Field("max_points", "分值", Kind.POINTS, Need.REQUIRED, width=10, above_zero=True),
        Field(
            "achievement",
            "工作完成情况",
            Kind.LONG_TEXT,
            Need.BY_RULE,
            help="写已经完成的事，数据与“履职数据”一致",
            width=70,
        ),
        Field("declared", "自评得分", Kind.POINTS, Need.REQUIRED, width=10),
        Field("deduction_reason", "扣分原因", Kind.LONG_TEXT, width=28),
        Field("evidence", "佐证材料", Kind.LONG_TEXT, width=24, is_private=True),
    ),
    guide="一项职能一行；各行分值合计等于“评分”表中由本表计分的指标的分值。",
    prepared_rows=10,
)

DUTY_DATA = Sheet(
    "履职数据",
    Shape.TABLE,
    "duty_data",
    (
        Field("duty", "职能名称", list_key="duties", width=22),
        Field("name", "指标名称", width=28),
        Field("parent", "上级指标", help="本行是哪个合计的一部分，就填那个合计的指标名称", width=22),
        Field("planned", "计划数", Kind.NUMBER, width=12),
        Field("completed", "完成数", Kind.NUMBER, width=12),
        Field("completion_rate", "完成率", Kind.RATE, help="只在没有计划数和完成数时填写", width=12),
        Field("unit", "计量单位", width=12),
    ),
    guide="写进“工作完成情况”的数据在这里列明。完成率只在没有计划数和完成数时填写。",
    prepared_rows=30,
)

PROJECTS = Sheet(
    "项目",
    Shape.TABLE,
    "projects",
    (
        Field("code", "项目编码", width=14),
        Field("name", "项目名称", need=Need.REQUIRED, width=30),
        Field("type", "项目类型", Kind.CHOICE, Need.REQUIRED, PROJECT_TYPES, width=12),
        Field("content", "主要内容", Kind.LONG_TEXT, width=36),
        Field("initial_budget", "年初预算数", Kind.AMOUNT, Need.REQUIRED, width=14),
        Field("adjusted_budget", "调整后预算数", Kind.AMOUNT, Need.REQUIRED, width=16),
        Field("executed", "执行数", Kind.AMOUNT, Need.REQUIRED, width=14),
        Field("taken_back", "收回或注销数", Kind.AMOUNT, width=16),
        Field("entry_date", "入库日期", Kind.DATE, help="项目进入项目库的日期，年-月-日", width=14),
        Field("ex_ante_evaluated", "事前评估", Kind.CHOICE, choices=YES_NO, help="是否履行了事前评估", width=12),
        Field("spending_on_purpose", "列支与目标相符", Kind.CHOICE, choices=YES_NO, width=18),
        Field("adjustment_needed", "需要调整", Kind.CHOICE, choices=YES_NO, help="预算或目标是否需要调整", width=12),
        Field(
            "adjustment_taken",
            "已采取调整措施",
            Kind.CHOICE,
            choices=YES_NO,
            help="需要调整的，是否已收回预算或调整目标",
            width=18,
        ),
        Field(
            "quantity_met",
            "数量指标完成",
            Kind.CHOICE,
            choices=YES_NO,
            help="“指标”表列有本项目指标的，以“指标”表为准",
            width=16,
        ),
        Field("goal_deviated", "目标偏离", Kind.CHOICE, choices=YES_NO, width=12),
        Field("benefit_full", "效益指标满分", Kind.CHOICE, choices=YES_NO, width=16),
        Field("declared", "自评得分", Kind.POINTS, width=12),
        Field("deviation_reason", "偏差原因", Kind.LONG_TEXT, width=28),
        Field("improvement", "改进措施", Kind.LONG_TEXT, width=28),
        Field(
            "execution_declared",
            "执行率自评得分",
            Kind.POINTS,
            help="可不填；自评表上“预算执行率”一项的得分",
            width=18,
            added="1.1",
        ),
        Field("authority", "主管部门", help="可不填；不填的印部门名称", width=22, added="1.2"),
        Field("implementer", "实施单位", help="可不填；不填的印部门名称", width=22, added="1.2"),
        Field(
            "annual_goal",
            "年度目标",
            Kind.LONG_TEXT,
            help="批复的年度绩效目标；不填的印“主要内容”",
            width=36,
            added="1.2",
        ),
        Field("goal_reached", "目标完成情况", Kind.LONG_TEXT, help="年度目标实际完成的情况", width=36, added="1.2"),
    ),
    kinds=BOTH,
    guide="一个项目一行。是/否各列没有数据的可以不填，不属于的填“不涉及”。",
    prepared_rows=60,
    unit_line=UNIT_LINE,
)

FUNDS = Sheet(
    "项目资金",
    Shape.TABLE,
    "funds",
    (
        Field(
            "project",
            "项目名称",
            need=Need.REQUIRED,
            list_key="projects",
            help="“项目”表中的项目名称",
            width=30,
        ),
        Field("source", "资金来源", Kind.CHOICE, Need.REQUIRED, FUND_SOURCES, width=18),
        Field("initial_budget", "年初预算数", Kind.AMOUNT, Need.REQUIRED, width=16),
        Field("adjusted_budget", "全年预算数", Kind.AMOUNT, Need.REQUIRED, width=16),
        Field("executed", "全年执行数", Kind.AMOUNT, Need.REQUIRED, width=16),
    ),
    kinds=BOTH,
    guide="可以不填。填的，一个项目的一种资金来源一行，没有的来源不用列；各列相加等于“项目”表的年初预算数、调整后预算数、执行数。",
    prepared_rows=60,
    unit_line=UNIT_LINE,
    added="1.2",
)

INDICATORS = Sheet(
    "指标",
    Shape.TABLE,
    "indicators",
    (
        Field(
            "subject",
            "适用对象",
            Kind.CHOICE,
            Need.REQUIRED,
            list_key="subjects",
            help="“部门整体”，或“项目”表中的项目名称",
            width=20,
        ),
        Field("level1", "一级指标", need=Need.REQUIRED, width=14),
        Field("level2", "二级指标", width=16),
        Field("name", "三级指标", need=Need.REQUIRED, width=30),
        Field("nature", "指标性质", Kind.CHOICE, choices=NATURES, width=12),
        Field("target", "指标值", Kind.READING, Need.REQUIRED, help="只填数或等次；单位写在“计量单位”一列", width=16),
        Field("unit", "计量单位", width=12),
        Field("weight", "权重", Kind.POINTS, Need.BY_RULE, width=10),
        Field("actual", "实际完成值", Kind.READING, Need.BY_RULE, help="与指标值同一口径、同一单位", width=16),
        Field("declared", "自评得分", Kind.POINTS, width=12),
        Field("deviation_reason", "偏差原因", Kind.LONG_TEXT, help="未完成，或超过指标值较多时必填", width=28),
        Field("improvement", "改进措施", Kind.LONG_TEXT, width=28),
        Field("evidence", "佐证材料", Kind.LONG_TEXT, width=24, is_private=True),
    ),
    kinds=BOTH,
    guide="一个三级指标一行，与批复的绩效目标表一致；每个适用对象的权重合计等于指标体系的规定。",
    prepared_rows=200,
)

SCORES = Sheet(
    "评分",
    Shape.TABLE,
    "scores",
    (
        Field("item_id", "指标编号", width=12),
        Field("item_name", "指标名称", width=26),
        Field("level", "层级", width=8),
        Field("max_points", "分值", Kind.POINTS, width=10),
        Field("applicable", "是否适用", Kind.CHOICE, choices=YES_NO, width=12),
        Field("declared", "自评得分", Kind.POINTS, Need.BY_RULE, width=12),
        Field("basis", "得分依据", Kind.LONG_TEXT, help="自评得分的依据，用一两句话写明", width=50),
        Field("deduction_reason", "扣分原因", Kind.LONG_TEXT, help="没有得满分的指标必填", width=32),
        Field("evidence", "佐证材料", Kind.LONG_TEXT, width=24, is_private=True),
    ),
    guide="行已按指标体系列好；末级指标都要填自评得分，不涉及的在“是否适用”选“不涉及”。",
    prepared_rows=40,
)

TEXTS = Sheet(
    "报告文字",
    Shape.TABLE,
    "texts",
    (
        Field("chapter", "章节", Kind.CHOICE, choices=CHAPTERS, width=36),
        Field("content", "内容", Kind.LONG_TEXT, width=100),
    ),
    guide="写进报告相应章节的文字，一章一行。",
    prepared_rows=10,
)

PROBLEMS = Sheet(
    "问题与建议",
    Shape.TABLE,
    "problems",
    (
        Field("number", "序号", width=8),
        Field("problem", "存在问题", Kind.LONG_TEXT, width=44),
        Field("suggestion", "改进建议", Kind.LONG_TEXT, width=44),
        Field("responsible", "责任人", width=16, may_be_withheld=True),
        Field("deadline", "完成时限", width=18, may_be_withheld=True),
    ),
    guide="一个问题一行，写明建议、责任人和完成时限。",
    prepared_rows=15,
)

FORM: tuple[Sheet, ...] = (
    NOTES, BASIC, FUNCTIONS, MONEY, CUT, CONTROLLED, PROGRESS, MANAGEMENT, DUTIES, DUTY_DATA, PROJECTS, FUNDS,
    INDICATORS, SCORES, TEXTS, PROBLEMS,
)  # fmt: skip


# ---- asked for by the regulation, not by the form: left out where it asks for nothing ----
CRITERION_ANSWERS = (YES, PARTLY, NO, NOT_CONCERNED)
OWNER = Field("subject", "适用对象", width=24, help="“项目”表中的项目名称；只有一个项目的可以不填", added="1.2")
SUPPLEMENT = Sheet(
    "补充数据",
    Shape.TABLE,
    "supplements",
    (
        Field("name", "数据项", width=36),
        Field("content", "填报内容", width=24),
        Field("unit", "单位", width=10),
        Field("source", "数据来源", Kind.LONG_TEXT, width=36, help="数据取自哪份文件、哪张表"),
        Field("note", "说明", Kind.LONG_TEXT, width=48),
    ),
    guide="指标体系要用、其他工作表里没有的数据，一项一行；行已按指标体系列好，只填“填报内容”和“数据来源”。",
)
CRITERIA = Sheet(
    "评分要点",
    Shape.TABLE,
    "criteria",
    (
        Field("item_id", "指标编号", width=12),
        Field("item_name", "指标名称", width=24),
        Field("text", "要点", Kind.LONG_TEXT, width=56),
        Field("points", "分值", Kind.POINTS, width=10),
        Field(
            "answer",
            "是否符合",
            Kind.CHOICE,
            choices=CRITERION_ANSWERS,
            help="部分符合的，在“得分”一列填得分",
            width=12,
        ),
        Field("score", "得分", Kind.POINTS, help="只在选“部分”时填：大于 0、小于分值", width=10),
        Field("basis", "依据", Kind.LONG_TEXT, help="符合或者不符合的依据，用一两句话写明", width=40),
    ),
    guide="一个要点一行；行已按指标体系列好，选“是否符合”，部分符合的再填“得分”。",
)
RULE_SHEETS = (SUPPLEMENT, CRITERIA)


def of_projects(sheet: Sheet) -> Sheet:
    """The sheet of a workbook of projects: a row is of one of them."""
    return replace(sheet, fields=(OWNER, *sheet.fields), kinds=(PROJECT_KIND,))


def sheets_for(kind: str) -> tuple[Sheet, ...]:
    """The sheets an evaluation of that kind needs."""
    return tuple(sheet for sheet in FORM if kind in sheet.kinds)
