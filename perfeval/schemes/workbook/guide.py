"""What the workbook explains to the bureau: how to edit it, what each method does, what data there is."""

from perfeval.model.regulation import METHOD_NAMES, Method
from perfeval.schemes.words import (
    CONDITION_NAMES,
    DECLARED_NAMES,
    INPUT_NAMES,
    NUMBER_NAMES,
    PARAMETER_WORDS,
    PROJECT_NUMBER_NAMES,
)

STEPS_TO_TAKE = (
    "这个工作簿是一个指标体系的全部规定。在“基本信息”里换一个编号和名称，再改其余各表，就成了自己的指标体系。",
    "“指标”表一个指标一行：下级分值之和等于上级，最上一级之和等于 100。有下级的指标不填方法。",
    "方法、数据来源从下拉列表选择；每种方法要填什么，见“方法说明”；有哪些数据，见“数据名”。",
    "分级评分的各档写在“分档”表，缺项扣分的各条件写在“扣分条件”表，要点计分的各要点写在“要点”表，择一计分的各种办法写在“择一办法”表。",
    "填报表里没有的数写在“补充数据”表，由这些数算出的写在“算式”表：名称都可以在“数据来源”里用。分数有上限的写在“封顶”表。",
    "每个末级指标都要写条款和核定状态。没有见到原文的写“待核”，不要编造条款；待核的会印在评分表上。",
    "可以插入、删除、增加行；工作表名称、表头和灰色的行名不要改。",
    "改好后保存为 .xlsx，用 perfeval regulation import 这个文件 -o 文件夹 变成指标体系；有问题时会逐格指明，一处也不写出。",
)
METHODS: dict[Method, tuple[str, str, str, str]] = {
    Method.YES_NO: (
        "满足条件得满分，否则 0 分",
        "要比较的数",
        "",
        "大于、不低于、不超过、低于 中恰好一个，如：不低于 = 90%",
    ),
    Method.GRADED: ("落在哪一档得哪一档的分", "要比较的数", "", "各档写在“分档”表；不计正负 = 是：先去掉负号"),
    Method.RATIO: (
        "分值 × 数据来源 ÷ 分母，最多满分；没有分母的，数据来源本身就是比率",
        "分子，或者一个比率",
        "分母，可以不填",
        "都可以不填。比率最低按 = 0；比率最高按 = 100%；低于则不得分 = 70%；高于则不得分 = 130%",
    ),
    Method.DEDUCT_MISSING: ("从满分起，不满足一个条件扣一次分", "", "", "各条件写在“扣分条件”表"),
    Method.FULL_VALUE: (
        "达到满意值得满分，达到不允许值得 0 分，中间按比例",
        "要比较的数",
        "",
        "满意值 = 0；不允许值 = 10%",
    ),
    Method.ACCUMULATE: ("每有一个得若干分，最多满分", "个数", "", "每个得分 = 0.5"),
    Method.SHARE: (
        "分值 ×（项目数 − 有问题的项目数）÷ 项目数",
        "以“项目”开头的情形之一",
        "",
        f"项目范围 = {' 或 '.join(PARAMETER_WORDS['scope'].values())}；没有项目时 = 计满分 或 视为没有提供数据，可以不填",
    ),
    Method.CRITERIA: (
        "各要点符合的得分，或者不符合的扣分",
        "",
        "",
        "计分方式 = 从 0 分加 或 从满分扣；要点不涉及时 = 计满分 或 按其余要点折算；各要点写在“要点”表",
    ),
    Method.STEP_DEDUCT: (
        "从满分起，超过标准每多少扣一次分，扣完为止",
        "要比较的数",
        "",
        "标准 = 100%；扣分方向 = 超过、低于 或 偏离；每 = 1%；每次扣 = 0.5；次数 = 不满一次不计、不满一次计一次 或 按比例；达到则不得分 = 115%，可以不填",
    ),
    Method.ONE_OF: ("几种办法各算一次，按得分高的计", "", "", "各种办法写在“择一办法”表"),
    Method.DECLARED: ("按单位自评得分，核对范围和依据", "不填；按“履职”表合计的选“履职”表", "", ""),
}
METHOD_ROWS: tuple[tuple[str, ...], ...] = (
    ("方法", "怎样计分", "数据来源", "分母", "参数"),
    *((METHOD_NAMES[method], *words) for method, words in METHODS.items()),
)


def _used_for(name: str) -> str:
    if name in CONDITION_NAMES:
        return "项目占比"
    if name in DECLARED_NAMES:
        return "单位自评"
    return (
        "项目支出指标体系的各种方法"
        if name in PROJECT_NUMBER_NAMES
        else "部门整体指标体系的各种方法"
        if name in NUMBER_NAMES
        else ""
    )


NAME_ROWS: tuple[tuple[str, ...], ...] = (
    ("数据名", "用在哪里", "在算式和 regulation.toml 里的写法"),
    *((words, _used_for(name), name) for name, words in INPUT_NAMES.items()),
)
