"""What the two example workbooks must raise of 基本情况, 收支, 压减, 项目 and 指标 (the end of docs/开发/核对.md), and ten errors at
once."""

from planting import TEN_ERRORS, at, findings_of, news, plant, regulations

from perfeval.blank.examples import published_workbook

OURS = ("BASIC", "MONEY", "CUT", "PROJECT", "INDICATOR")
BENEFITS = (
    "经济形势向好",
    "提高农业企业发展",
    "提高群众生活质量",
    "制定价格标准公平公正",
    "促进经营单位持续健康发展",
    "服务社会可持续发展",
    "维护社会持续稳定",
)
TRUE_OF_BOTH = {
    ("CUT_003", "question", ("压减", "一般性支出执行数", "上年")),
    ("INDICATOR_006", "question", ("指标", "合理核定单位成本", "指标性质")),
    ("INDICATOR_008", "question", ("指标", "人员工资发放到位率", "指标性质")),
    ("INDICATOR_009", "question", ("指标", "检查完成时限", "指标性质")),
    ("INDICATOR_009", "question", ("指标", "完成企业补助时限", "指标性质")),
    ("INDICATOR_022", "question", ("指标", "补助企业家数", "指标性质")),
    *(("INDICATOR_023", "question", ("指标", name, "指标值")) for name in BENEFITS),
    ("PROJECT_009", "question", ("项目", "经济运行分析业务经费", "项目名称")),
}
BLANK_AMOUNTS = [
    ("基本支出", "年初预算数"),
    ("项目支出", "年初预算数"),
    ("基本支出", "决算数"),
    ("项目支出", "决算数"),
    ("收回或注销数", "决算数"),
    ("全年下达单位计划数", "决算数"),
    ("全年单位实际支付数", "决算数"),
]
TRUE_OF_THE_PUBLISHED = {
    *(("MONEY_013", "error", ("收支", row, column)) for row, column in BLANK_AMOUNTS),
    ("MONEY_009", "error", ("收支", "支出合计", "调整后预算数")),
    ("MONEY_003", "error", ("收支", "支出来源：财政拨款", "年初预算数")),
    ("MONEY_005", "error", ("收支", "上年结转", "说明")),
    ("MONEY_010", "question", ("收支", "支出合计", "说明")),
    ("MONEY_011", "question", ("收支", "附表资金总额", "年初预算数")),
    ("INDICATOR_004", "error", ("指标", "工资发放及时率", "实际完成值")),
    ("INDICATOR_004", "error", ("指标", "群众满意度", "实际完成值")),
    ("INDICATOR_011", "error", ("指标", "经济形势向好", "偏差原因")),
    ("INDICATOR_011", "error", ("指标", "经营者和消费者满意度", "偏差原因")),
    ("INDICATOR_012", "error", ("指标", "发放工资人数", "偏差原因")),
}


def ours(findings):
    return sorted((f.code, f.severity.value, str(f.ref)) for f in findings if f.code.startswith(OURS))


def placed(expected):
    return sorted((code, severity, at(*place)) for code, severity, place in expected)


def test_the_completed_example_raises_only_what_is_true_of_it():
    findings = plant({})
    assert ours(findings) == placed(TRUE_OF_BOTH)
    assert [str(f.ref) for f in findings if f.answered] == [at("指标", "经济形势向好", "指标值")]


def test_the_completed_example_has_no_error_and_six_notices():
    severities = [f.severity.value for f in plant({})]
    assert "error" not in severities
    assert severities.count("notice") == 6  # each \geq read as ≥


def test_the_published_example_raises_its_contradictions():
    published = findings_of(published_workbook(regulations()))
    others = {finding for finding in TRUE_OF_BOTH if finding[0] != "PROJECT_009"}
    assert [f for f in ours(published) if f[0] != "PROJECT_009"] == placed(others | TRUE_OF_THE_PUBLISHED)
    assert ["2 个项目" in f.message for f in published if f.code == "PROJECT_009"] == [True]


def test_ten_errors_at_once_are_ten_findings():
    reported = news({place: value for place, (value, _) in TEN_ERRORS.items()}, [*OURS, "CELL"])
    assert reported == {(code, at(*place)) for place, (_, code) in TEN_ERRORS.items()}
