"""The one declaration of the workbook a regulation is edited in: it drives the writer, the reader and the messages.

Keys are those of regulation.toml where a cell is one key of it. `item_name` is the TOML's `name`: the reader of filing
workbooks has its own ideas of a column called `name`.
"""

from perfeval.findings.finding import Severity
from perfeval.model.form import Field, GridRow, Kind, Need, Shape, Sheet
from perfeval.model.regulation import METHOD_NAMES, ROUNDING_NAMES, Confidence
from perfeval.model.submission import DEPARTMENT_KIND, PROJECT_KIND
from perfeval.rules.kinds import FACT_KINDS, INPUT_KINDS
from perfeval.schemes.words import (
    ACTION_WORDS,
    BOUND_WORDS,
    FALLBACK_WORDS,
    FLAG_WORDS,
    KIND_WORDS,
    LEVEL_WORDS,
    NOT_APPLICABLE_NAMES,
    PARAMETER_NAMES,
    SETTING_NAMES,
    THRESHOLD_NAMES,
    YEAR_WORDS,
)

KINDS = (DEPARTMENT_KIND, PROJECT_KIND)
CONFIDENCES = tuple(str(c) for c in Confidence)
REST = "其余"
STEP_WORDS = {"up_to": "不超过", "from": "不低于"}
SIGN_WORDS = {sign: PARAMETER_NAMES[sign] for sign in ("above", "at_least", "at_most", "below")}
GATE_WORDS = {"above": "超过", "below": "不足"}
ALL_RULES = "all"  # the row of 绩效指标规则 that holds clause and confidence of everything not listed by itself
WITH_OWN_SHEET = ("scale", "bands", "over_fulfilment", "splits")
SECOND = "2"  # what a workbook exported before does not have
WHOLE_SCORE, NO_DATA = "总分", "没有数据"

CLAUSE = Field("clause", "条款", Kind.LONG_TEXT, help="文件名称和第几条；不知道的写“待核”", width=36)
CONFIDENCE = Field(
    "confidence",
    "核定状态",
    Kind.CHOICE,
    choices=CONFIDENCES,
    help="已核：见到原文；推定：由公开数据推出；待核：未核实",
    width=12,
)

HEAD = Sheet(
    "基本信息",
    Shape.LABELS,
    "head",
    (
        Field(
            "id",
            "编号",
            need=Need.REQUIRED,
            help="必填。字母、数字、汉字和连字符，中间没有空格；不能与已有的指标体系相同",
        ),
        Field("title", "名称", need=Need.REQUIRED, help="必填。文件或指标体系的名称"),
        Field("kind", "适用", Kind.CHOICE, Need.REQUIRED, KINDS, help="必填"),
        Field("issuer", "发布单位"),
        Field("document_number", "文号", help="不知道的不填"),
        Field("region", "适用地区", help="如：青禾县。填了的，别处的单位选用时不引用本文件；各地通用的不填"),
        Field("document", "文件名称", help="如：《青禾县预算绩效评价指标体系》；不知道的不填"),
        Field("effective_from", "施行日期", Kind.DATE, help="年-月-日；不知道的不填"),
        Field("effective_to", "废止日期", Kind.DATE, help="年-月-日；没有的不填"),
        Field("clause", "依据", Kind.LONG_TEXT, Need.REQUIRED, help="必填。依据的文件；不知道的写“待核”"),
        Field("confidence", "核定状态", Kind.CHOICE, Need.REQUIRED, CONFIDENCES, help=CONFIDENCE.help),
        Field("rounding", "末级得分取舍", Kind.CHOICE, Need.REQUIRED, tuple(ROUNDING_NAMES.values())),
        Field(
            "project_regulation",
            "项目使用的指标体系",
            help="部门整体必填：项目和绩效指标按哪一个项目支出指标体系评分；项目支出不填",
        ),
        Field(
            "deduction_column",
            "扣减分数一列",
            Kind.CHOICE,
            choices=tuple(FLAG_WORDS.values()),
            help="是：各张评分的表在得分旁边印扣减分数；不填：不印",
            added=SECOND,
        ),
        Field("report", "报告名称", help="自评报告的名称；不填：部门整体通常的名称", added=SECOND),
        Field(
            "projects",
            "项目一节的名称",
            help="报告里没有一节写项目的，最后加的一节叫什么；不填：通常的名称",
            added=SECOND,
        ),
        Field("source_note", "来源说明", Kind.LONG_TEXT, help="分值和规则从哪里来，哪些还没有核实"),
    ),
    guide="指标体系是哪一个、什么时候用。",
)
ITEMS = Sheet(
    "指标",
    Shape.TABLE,
    "items",
    (
        Field("id", "编号", need=Need.REQUIRED, help="如 A2.1，各不相同", width=10),
        Field("parent", "上级", help="上级指标的编号，上级写在前面；最上一级不填", width=10),
        Field("item_name", "名称", need=Need.REQUIRED, width=24),
        Field("max_points", "分值", Kind.POINTS, Need.BY_RULE, help="写了“占上级（%）”的不填", width=8),
        Field(
            "share",
            "占上级（%）",
            Kind.POINTS,
            help="分值按百分比分给下级的才填，同一上级的都填，相加是 100；最后一个取余数",
            width=12,
            added=SECOND,
        ),
        Field(
            "method",
            "方法",
            Kind.CHOICE,
            choices=tuple(METHOD_NAMES.values()),
            help="有下级的不填；用法见“方法说明”",
            width=14,
        ),
        Field("source", "数据来源", help="按方法选；名称见“数据名”", width=34),
        Field("denominator", "分母", help="只有“比率分值”用：数据来源 ÷ 分母", width=34),
        Field(
            "parameters", "参数", Kind.LONG_TEXT, help="写成“满意值 = 0；不允许值 = 10%”的样子，见“方法说明”", width=34
        ),
        Field(
            "fallback",
            "缺数据时",
            Kind.CHOICE,
            choices=tuple(FALLBACK_WORDS.values()),
            help="不填：按单位自评",
            width=14,
        ),
        Field(
            "not_applicable",
            "不涉及时",
            Kind.CHOICE,
            choices=tuple(NOT_APPLICABLE_NAMES.values()),
            help="不填：计满分",
            width=18,
        ),
        CLAUSE,
        CONFIDENCE,
        Field("remark", "备注", Kind.LONG_TEXT, width=40),
    ),
    guide="一个指标一行。下级分值之和等于上级，最上一级之和等于 100。",
    prepared_rows=20,
)
ITEM_ID = Field("item", "指标编号", need=Need.REQUIRED, help="“指标”表里的编号", width=12)
WAY = Field(
    "way", "第几种", Kind.COUNT, help="只有“择一计分”用：“择一办法”表里这个指标的第几种办法", width=10, added=SECOND
)
SOURCE, DENOMINATOR, PARAMETERS = (ITEMS.field(key) for key in ("source", "denominator", "parameters"))
WAYS = Sheet(
    "择一办法",
    Shape.TABLE,
    "alternatives",
    (
        ITEM_ID,
        Field("method", "方法", Kind.CHOICE, Need.REQUIRED, tuple(METHOD_NAMES.values()), width=14),
        SOURCE,
        DENOMINATOR,
        PARAMETERS,
    ),
    guide="方法是“择一计分”的指标，一种办法一行，至少两种；按得分高的计。",
    prepared_rows=8,
)
CRITERIA = Sheet(
    "要点",
    Shape.TABLE,
    "criteria",
    (
        ITEM_ID,
        Field("text", "要点", Kind.LONG_TEXT, Need.REQUIRED, width=60),
        Field("points", "分值", Kind.POINTS, Need.REQUIRED, width=10),
    ),
    guide="方法是“要点计分”的指标，一个要点一行；填报表里多一张“评分要点”，由单位逐条回答。",
    prepared_rows=20,
)
KEY = Field("key", "代号", need=Need.REQUIRED, help="在算式里用的名称：字母、数字、汉字和下划线", width=22)
INPUTS = Sheet(
    "补充数据",
    Shape.TABLE,
    "inputs",
    (
        KEY,
        Field("label", "数据项", need=Need.REQUIRED, help="填报表上的名称", width=34),
        Field("kind", "种类", Kind.CHOICE, Need.REQUIRED, tuple(KIND_WORDS[kind] for kind in INPUT_KINDS), width=10),
        Field("unit", "单位", width=10),
        Field("required", "必填", Kind.CHOICE, choices=tuple(FLAG_WORDS.values()), help="是：空着就退回", width=8),
        Field("help", "说明", Kind.LONG_TEXT, width=40),
        CLAUSE,
        CONFIDENCE,
    ),
    guide="填报表里没有、评分要用的数，一个一行；没有的不填。",
    prepared_rows=12,
)
FACTS = Sheet(
    "算式",
    Shape.TABLE,
    "facts",
    (
        KEY,
        Field("label", "名称", need=Need.REQUIRED, width=26),
        Field("formula", "算式", Kind.LONG_TEXT, Need.REQUIRED, help="写法见《编写指标体系》第八节", width=60),
        Field("kind", "种类", Kind.CHOICE, Need.REQUIRED, tuple(KIND_WORDS[kind] for kind in FACT_KINDS), width=10),
        Field("when_divisor_zero", "除数为 0 时", help=f"“{NO_DATA}”或者一个数；不填：{NO_DATA}", width=12),
        Field("when_divisor_negative", "除数为负时", Kind.CHOICE, choices=(NO_DATA,), help="不填：照算", width=12),
        Field("printed", "显示小数位数", Kind.COUNT, help="比率是百分比的小数位数", width=14),
        Field("words", "句子里的写法", help="如：超预算 {} 项；不填：用名称", width=20),
        CLAUSE,
        CONFIDENCE,
    ),
    guide="由填报的数、补充数据和别的算式算出的数，一个一行；没有的不填。",
    prepared_rows=12,
)
CAPS = Sheet(
    "封顶",
    Shape.TABLE,
    "caps",
    (
        Field("on", "对象", need=Need.REQUIRED, help=f"“{WHOLE_SCORE}”，或者“指标”表里的编号", width=12),
        Field("source", "数据来源", need=Need.REQUIRED, help="名称见“数据名”", width=34),
        *(
            Field(bound, words, help="比率写 70% 或 0.7；两个条件都要满足", width=10)
            for bound, words in BOUND_WORDS.items()
        ),
        Field("at_most", "最高得分", Kind.POINTS, Need.REQUIRED, width=10),
        CLAUSE,
        CONFIDENCE,
    ),
    guide="数据在界限以内的，总分或者指标得分不超过最高得分；没有的不填。",
    prepared_rows=8,
)
STEPS = Sheet(
    "分档",
    Shape.TABLE,
    "steps",
    (
        ITEM_ID,
        WAY,
        Field("comparison", "比较", Kind.CHOICE, Need.REQUIRED, (*STEP_WORDS.values(), REST), width=12),
        Field("limit", "界限", help="比率写 10% 或 0.1；“其余”不填", width=12),
        Field("points", "得分", Kind.POINTS, Need.REQUIRED, width=10),
    ),
    guide="方法是“分级评分”的指标，一档一行，依次写；先符合的一档得分，最后一档写“其余”。",
    prepared_rows=20,
)
CONDITIONS = Sheet(
    "扣分条件",
    Shape.TABLE,
    "conditions",
    (
        ITEM_ID,
        WAY,
        Field("source", "数据来源", need=Need.REQUIRED, help="名称见“数据名”", width=34),
        Field("comparison", "应当", Kind.CHOICE, Need.REQUIRED, tuple(SIGN_WORDS.values()), width=12),
        Field("limit", "界限", need=Need.REQUIRED, help="比率写 10% 或 0.1", width=12),
        Field("points", "不满足扣分", Kind.POINTS, Need.REQUIRED, width=12),
        Field("role", "代号", help="可以不填", width=20),
    ),
    guide="方法是“缺项扣分”的指标，一个条件一行。",
    prepared_rows=20,
)
SECTIONS = Sheet(
    "报告各节",
    Shape.TABLE,
    "sections",
    (
        Field("title", "标题", need=Need.REQUIRED, width=30),
        Field("items", "写哪些指标", help="“指标”表里的编号，用顿号分隔；一个编号的，写它的各下级", width=30),
        Field(
            "projects",
            "写项目",
            Kind.CHOICE,
            choices=tuple(FLAG_WORDS.values()),
            help="是：项目的总体情况写在这一节",
            width=10,
        ),
    ),
    guide="自评报告分析部分的各节，依次写，每个指标写一次；不填的，最上一级指标一个一节。",
    prepared_rows=8,
)
GRADES = Sheet(
    "等级",
    Shape.TABLE,
    "grades",
    (
        Field("grade", "等级", need=Need.REQUIRED, width=12),
        Field("lower", "最低分（含）", Kind.POINTS, Need.REQUIRED, width=16),
    ),
    guide="一个等级一行，最低一等的最低分是 0。",
    prepared_rows=8,
)
RULES = Sheet(
    "绩效指标规则",
    Shape.GRID,
    "indicators",
    (Field("value", "规定", width=30), CLAUSE, CONFIDENCE),
    rows=(
        GridRow(ALL_RULES, "全部规则", used=("clause", "confidence"), help="没有另写条款和核定状态的，都同这一行"),
        *(
            GridRow(n, label, used=("clause", "confidence") if n in WITH_OWN_SHEET else ())
            for n, label in SETTING_NAMES.items()
        ),
    ),
    label_header="设置",
    kinds=(PROJECT_KIND,),
    guide="指标值与实际完成值比较的规则。灰色的在同名工作表里填。",
)
SCALE = Sheet(
    "定性等次",
    Shape.TABLE,
    "scale",
    (
        Field("level", "等次", need=Need.REQUIRED, width=14),
        Field("share", "得权重的比例", need=Need.REQUIRED, width=16),
    ),
    kinds=(PROJECT_KIND,),
    guide="如 优 100%、良 80%。",
    prepared_rows=8,
)
BANDS = Sheet(
    "达成程度",
    Shape.TABLE,
    "bands",
    (
        Field("level", "程度", need=Need.REQUIRED, width=14),
        Field("lower", "最低比例", need=Need.REQUIRED, width=14),
        Field("upper", "最高比例", need=Need.REQUIRED, width=14),
    ),
    kinds=(PROJECT_KIND,),
    guide="单位自评得分应在权重的这个区间内；各区间从 0% 到 100% 首尾相接。",
    prepared_rows=6,
)
GATES = Sheet(
    "超额与不足",
    Shape.TABLE,
    "over_fulfilment",
    (
        Field("direction", "情形", Kind.CHOICE, Need.REQUIRED, tuple(GATE_WORDS.values()), width=10),
        Field("limit", "指标值的", need=Need.REQUIRED, help="如 130%", width=12),
        Field("action", "处理", Kind.CHOICE, Need.REQUIRED, tuple(ACTION_WORDS.values()), width=16),
        Field("points", "扣多少分", Kind.POINTS, help="处理是“扣分”时填", width=12),
    ),
    kinds=(PROJECT_KIND,),
    guide="实际完成值超过或不足指标值的一定比例时怎样处理；先符合的一行生效。",
    prepared_rows=6,
)
SPLITS = Sheet(
    "权重构成",
    Shape.TABLE,
    "splits",
    (
        Field("scheme", "方案", need=Need.REQUIRED, help="同一方案的各行写同一个序号", width=10),
        Field("block", "一级指标", need=Need.REQUIRED, width=18),
        Field("points", "权重", Kind.POINTS, Need.REQUIRED, width=10),
    ),
    kinds=(PROJECT_KIND,),
    guide="可以有几种构成，每种之和等于权重合计；不规定的不填。",
    prepared_rows=12,
)
LIMITS = Sheet(
    "核对界限",
    Shape.GRID,
    "thresholds",
    (Field("value", "界限", help="如 10%，字数、万元和倍数写数，如 100；不核对的不填", width=12), CLAUSE, CONFIDENCE),
    rows=tuple(GridRow(name, label) for name, label in THRESHOLD_NAMES.items()),
    label_header="什么时候提出疑点",
    guide="不核对的，界限不填。",
)
DEADLINE = Sheet(
    "入库截止日",
    Shape.LABELS,
    "entry_deadline",
    (
        Field("year", "哪一年", Kind.CHOICE, choices=tuple(YEAR_WORDS.values()), help="从评价年度算"),
        Field("month", "月", Kind.MONTH),
        Field("day", "日", Kind.COUNT),
        CLAUSE,
        CONFIDENCE,
    ),
    guide="项目最晚哪一天入库；不规定的全部不填。",
)
PROGRESS = Sheet(
    "支出进度要求",
    Shape.TABLE,
    "progress_marks",
    (
        Field("month", "月末", Kind.MONTH, Need.REQUIRED, width=10),
        Field("share", "应支出的比例", need=Need.REQUIRED, help="占调整后预算，如 40%", width=16),
        CLAUSE,
        CONFIDENCE,
    ),
    guide="没有要求的不填。",
    prepared_rows=12,
)
LEVELS = Sheet(
    "问题级别",
    Shape.TABLE,
    "severities",
    (
        Field("code", "问题编号", need=Need.REQUIRED, help="perfeval explain --all 列出的编号", width=20),
        Field("level", "级别", Kind.CHOICE, Need.REQUIRED, tuple(LEVEL_WORDS[s] for s in Severity), width=12),
    ),
    guide="要改变程序通常的级别时才填：错误退回修改，疑点要求说明，提示只作提醒。",
    prepared_rows=10,
)

GUIDE_SHEET, METHODS_SHEET, NAMES_SHEET = "说明", "方法说明", "数据名"
SHEETS: tuple[Sheet, ...] = (
    HEAD, INPUTS, FACTS, ITEMS, STEPS, CONDITIONS, CRITERIA, WAYS, CAPS, SECTIONS, GRADES, RULES, SCALE, BANDS, GATES,
    SPLITS, LIMITS, DEADLINE, PROGRESS, LEVELS,
)  # fmt: skip
SINCE_SECOND = frozenset({INPUTS, FACTS, CRITERIA, WAYS, CAPS, SECTIONS})  # an earlier workbook has none of them
ALWAYS = tuple(sheet for sheet in SHEETS if sheet.kinds != (PROJECT_KIND,))
SHARES = frozenset(
    {
        ("scale", "share"),
        ("bands", "lower"),
        ("bands", "upper"),
        ("over_fulfilment", "limit"),
        ("thresholds", "value"),
        ("progress_marks", "share"),
    }
)
FIGURES = SHARES | {("steps", "limit"), ("conditions", "limit"), ("facts", "when_divisor_zero")}
FIGURES |= {*(("caps", bound) for bound in BOUND_WORDS)}


def sheets_of(kind: str | None) -> tuple[Sheet, ...]:
    """The sheets a regulation for that kind of evaluation has."""
    return SHEETS if kind == PROJECT_KIND else ALWAYS
