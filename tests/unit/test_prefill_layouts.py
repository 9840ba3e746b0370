"""Forms of further layouts, one a test, as one reads them; what must come out, and what must not."""

import copy
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import foreign_forms
import prefilled
import pytest

from perfeval.errors import NothingToReadError

PROJECT = {"regulation": "cn-project-10-90"}
AMOUNTS = ("项目名称", "项目编码", "年初预算数", "调整后预算数", "执行数", "自评得分")
POINTS = ("三级指标", "指标值", "实际完成值", "权重", "自评得分")


def test_a_table_of_half_a_year_is_no_form(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "半年.xlsx",
        Sheet1="""
        项目支出情况表 | < | < | < | < | < | <
        （2025年度）　单位：万元 | < | < | < | < | < | <
        项目名称 | 河道清淤 | < | < | < | < | <
        项目资金 | | 年初预算数 | 1-6月执行数 | 1-6月执行率 | 全年预计执行数 |
        ^ | 年度资金总额 | 100 | 45 | '45% | 100 |
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 1-6月完成情况 | 全年预计完成情况 | 偏差原因分析
        产出指标 | 数量指标 | 清淤长度 | ≥10公里 | 4公里 | 10公里 |
        """,
    )
    with pytest.raises(NothingToReadError, match="像是绩效运行监控表"):
        prefilled.read(tmp_path, form, **PROJECT)
    assert not (tmp_path / "填报.xlsx").exists()


@pytest.mark.parametrize(
    "title",
    [
        "2025年上半年项目自评表",
        "项目绩效运行监控表",
        "2025年1—9月指标执行表",
        "截至2025年10月支付表",
        "2025年1月至2025年6月支付表",
        "2025年9月底指标表",
    ],
)
def test_a_title_of_part_of_the_year_is_enough(title: str, tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        Sheet1=f"""
        {title} | < | <
        项目名称 | 指标金额（元） | 已支付金额（元）
        甲项目 | 1000 | 500
        """,
    )
    with pytest.raises(NothingToReadError, match="监控数不是全年数"):
        prefilled.read(tmp_path, form, **PROJECT)


def test_what_an_indicator_is_about_refuses_nothing(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        Sheet1="""
        雪亮工程视频监控项目支出绩效自评表（2025年度） | < | < | < | <
        项目名称 | 视频监控联网 | < | < | <
        三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        监控 | ≥90% | 92% | 60 | 60
        全年预计接警数 | ≥10次 | 12次 | 40 | 40
        总分 | | | 100 | 100
        """,
    )
    assert prefilled.read(tmp_path, form, **PROJECT).table("指标", *POINTS) == [
        ("监控", "≥90%", "92%", "60", "60"),
        ("全年预计接警数", "≥10次", "12次", "40", "40"),
    ]


def test_amounts_without_a_unit_are_asked(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        自评="""
        2025年项目支出绩效自评表 | < | < | < | < | < | < | <
        项目名称 | 河道清淤 | < | < | < | < | < | <
        项目资金 | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
        ^ | 年度资金总额 | 1000000 | 1000000 | 950000 | 10 | '95% | 9.5
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析
        产出指标 | 数量指标 | 清淤长度 | ≥10公里 | 10公里 | 50 | 50 |
        效益指标 | 成本（元） | 群众满意 | ≥90% | 95% | 40 | 40 |
        总分 | < | < | < | < | 100 | 99.5 |
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("项目", *AMOUNTS) == [("河道清淤", "", "", "", "", "99.5")]
    assert all(opened.asks("没有写明金额单位", amount) for amount in ("1000000", "950000"))
    assert len(opened.table("指标", *POINTS)) == 2


def test_amounts_stand_beside_their_labels(tmp_path: Path) -> None:
    """The layout of Sichuan: 预算数 and 执行数 are labels; the rate says which budget it is."""
    form = foreign_forms.document(
        tmp_path / "表.docx",
        "2025年度项目支出绩效自评表",
        """
        项目名称 | < | 高标准农田管护 | < | < | <
        预算单位 | < | 示例县农业农村局 | < | < | <
        预算执行\\n情况\\n(万元) | < | 预算数： | 50.00 | 执行数：48.50 |
        ^ | < | 其中：财政拨款：50.00 | | 其中：财政拨款 | 48.50
        执行率 | < | 97% | < | < | <
        绩效指标\\n完成情况 | 一级指标 | 二级指标 | 三级指标 | 预期指标值(包含数字及文字描述) | 实际完成指标值(包含数字及文字描述)
        ^ | 项目完成指标 | 数量指标 | 指标1：管护面积 | ≥3万亩 | 3.1万亩
        ^ | ^ | ^ | 指标2： | |
        ^ | ^ | ^ | …… | |
        ^ | 效益指标 | 社会效益指标 | 指标1：受益农户 | ≥2000户 | 2100户
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.one("基本情况", "部门名称", "填报内容") == "示例县农业农村局"
    assert opened.table("项目", *AMOUNTS) == [("高标准农田管护", "", "", "50", "48.5", "")]
    assert opened.table("指标", "一级指标", "三级指标", "指标值") == [
        ("项目完成指标", "管护面积", "≥3万亩"),
        ("效益指标", "受益农户", "≥2000户"),
    ]


def test_a_budget_that_is_not_said_to_be_which_is_asked(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        自评="""
        2025年度自评表（单位：万元） | <
        项目名称 | 甲项目
        预算数：50 | 执行数：48
        """,
        另="""
        三级指标 | 指标值
        甲 | 5个
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.asks("没有写明是年初预算还是调整后预算", "50")


def test_a_department_is_scored_by_the_names_of_its_leaves(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "评分表.xlsx",
        评分="""
        2025年部门整体支出绩效自评评分表 | < | < | < | < | <
        部门名称：示例县水务局 | < | < | < | < | <
        一级指标 | 二级指标 | 三级指标 | 自评 | < | 扣分原因
        ^ | ^ | ^ | 分值 | 得分 | ^
        预算管理 (39分) | 预算编制(10分) | 预算编制质量 (4分) | 4 | 3.5 | 有一处漏编
        ^ | ^ | 单位收入统筹（99分） | 99 | 2 |
        ^ | ^ | 相关性(5分) | 5 | 5 |
        """,
    )
    opened = prefilled.read(tmp_path, form, regulation="sichuan-dept-65-35")
    row = {"key": "指标名称"}
    assert opened.one("评分", "单位收入统筹", "自评得分", **row) is None
    assert opened.asks("单位收入统筹", "99", "不是同一个口径")
    assert opened.asks("相关性", "没有这个名称的末级指标")
    points = opened.one("评分", "预算编制质量", "分值", **row)
    assert (opened.one("评分", "预算编制质量", "自评得分", **row) == 3.5) == (points == 4)


SEVERAL = """
    项目支出绩效自评表（2025年度） | < | < | < | < | < | <
    单位：元 | < | < | < | < | < | <
    项目名称： | 甲项目 | < | < | 项目编码 | '05101001 | <
    项目资金 | | 年初预算 | 调整预算 | 调整后预算 | 执行数 | 执行率
    ^ | 资金总额 | 100000 | 20000 | 120000 | 60000 | '50%
    ^ | 财政拨款 | 100000 | 20000 | 120000 | 60000 | '50%
    一级指标 | 二级指标 | 三级指标 | 分值 | 指标值 | 完成值 | 得分
    产出指标（60分） | 数量指标 | 甲一 | 30 | 10个 | 10个 | 30
    ^ | 质量指标 | 甲二 | 30 | 合格 | 合格 | 30
    效益指标（30分） | 社会效益 | 甲三 | 30 | 明显 | 明显 | 30
    总分 | < | < | 90 | | | 90
    项目名称： | 乙项目 | < | < | 项目编码 | '05101002 | <
    项目资金 | | 年初预算 | 调整预算 | 调整后预算 | 执行数 | 执行率
    ^ | 资金总额 | '5,000.50 | 0 | 5000.5 | 5000.5 | '100%
    一级指标 | 二级指标 | 三级指标 | 分值 | 指标值 | 完成值 | 得分
    产出指标 | 数量指标 | 乙一 | 50 | 10个 | 10个 | 85
    ^ | 质量指标 | 乙二 | 40 | 合格 | 合格 | ^
    总分 | < | < | 90 | | | #DIV/0!
"""


def test_several_projects_stand_below_each_other(tmp_path: Path) -> None:
    opened = prefilled.read(tmp_path, foreign_forms.workbook(tmp_path / "汇编.xlsx", 汇编=SEVERAL), **PROJECT)
    assert opened.table("项目", *AMOUNTS) == [
        ("甲项目", "05101001", "10", "12", "6", "90"),
        ("乙项目", "05101002", "0.50005", "0.50005", "0.50005", ""),
    ]
    assert opened.table("指标", "适用对象", *POINTS)[2:] == [
        ("甲项目", "甲三", "明显", "明显", "30", "30"),
        ("乙项目", "乙一", "10个", "10个", "50", ""),
        ("乙项目", "乙二", "合格", "合格", "40", ""),
    ]
    assert opened.asks("乙一", "85", "合并在几个指标上")
    assert opened.asks("乙项目", "#DIV/0!")


def test_two_forms_stand_side_by_side(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        并排="""
        2025年度绩效自评表（单位：万元） | < | < | < | < | < | < | < | < | < | <
        项目名称 | 甲项目 | < | < | < | | 项目名称 | 乙项目 | < | < | <
        三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        甲一 | 10个 | 10个 | 60 | 60 | | 乙一 | 5人 | 5人 | 100 | 99
        甲二 | 合格 | 合格 | 40 | 38 | | | | | |
        总分 | | | 100 | 98 | | 总分 | | | 100 | 99
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("指标", "适用对象", *POINTS) == [
        ("甲项目", "甲一", "10个", "10个", "60", "60"),
        ("甲项目", "甲二", "合格", "合格", "40", "38"),
        ("乙项目", "乙一", "5人", "5人", "100", "99"),
    ]
    assert [row[-1] for row in opened.table("项目", *AMOUNTS)] == ["98", "99"]


def test_a_table_goes_on_after_a_page_break(tmp_path: Path) -> None:
    """Two tables of a .docx, the second without a header, and a row whose cells are shifted."""
    form = foreign_forms.document(
        tmp_path / "表.docx",
        "项目支出绩效自评表",
        "（2025年度）",
        """
        项目名称 | < | 防汛物资 | < | < | < | < | <
        项目资金（元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
        ^ | 年度资金总额 | 500,000.00 | 500,000.00 | 499,999.99 | 10 | 100% | 10
        绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分
        ^ | 产出指标 | 数量指标 | 储备沙袋 | ≥1万条 | 1.2万条 | 50 | 50
        ^ | 数量指标 | 储备铁锹 | ≥200把 | 210把 | 10 | 10 |
        """,
        """
        ^ | 效益指标 | 社会效益指标 | 险情处置率 | 100% | 100% | 20 | 20
        ^ | 满意度指标 | 满意度 | 群众满意度 | ≥90% | 96% | 10 | 10
        总分 | < | < | < | < | < | 100 | 100
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("项目", *AMOUNTS) == [("防汛物资", "", "50", "50", "49.999999", "100")]
    assert opened.table("指标", *POINTS)[1:3] == [
        ("储备铁锹", "≥200把", "210把", "10", "10"),
        ("险情处置率", "100%", "100%", "20", "20"),
    ]


def test_weights_written_as_shares_and_what_arithmetic_left_behind(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        自评="""
        2025年度项目绩效自评表 | < | < | < | < | < | <
        项目名称 | 丙项目 | < | < | < | < | <
        一级指标 | 二级指标 | 指标名称 | 权重 | 目标值 | 实际完成值 | 得分
        产出指标 | 数量 | 培训人数 | 0.0900000762939453 | 100人 | 100人 | 9
        产出指标 | 质量 | 合格率 | 0.51 | ≥95% | 98% | 51
        效益指标 | 社会 | 就业率 | 0.4 | ≥60% | 66% | 40
        """,
    )
    assert prefilled.read(tmp_path, form, **PROJECT).table("指标", "三级指标", "权重", "自评得分") == [
        ("培训人数", "9", "9"),
        ("合格率", "51", "51"),
        ("就业率", "40", "40"),
    ]


def test_weights_that_do_not_come_to_the_whole_are_asked(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        自评="""
        2025年度项目绩效自评表 | < | < | < | <
        项目名称 | 丙项目 | < | < | <
        三级指标 | 分值 | 指标值 | 完成值 | 得分
        甲 | 50 | 1个 | 1个 | 50
        乙 | 45 | 1个 | 1个 | 45
        总分 | 100 | | | 95
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("指标", "三级指标", "权重", "自评得分") == [("甲", "", "50"), ("乙", "", "45")]
    assert opened.asks("合计 95，不是 100", "50、45")


def test_amounts_whose_rate_is_another_are_asked(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        自评="""
        2025年度项目绩效自评表 | < | < | < | <
        项目名称 | 丙项目 | < | < | <
        项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 执行率
        年度资金总额 | 100 | 120 | 60 | '80%
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("项目", *AMOUNTS) == [("丙项目", "", "", "", "", "")]
    assert opened.asks("执行率 80%", "100、120、60")


def test_a_list_whose_total_is_another_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "支付.csv"
    lines = [
        "项目名称,项目编码,指标金额(元),已支付金额(元),收款人,联系电话",
        "甲,0123,1000,400,张三,13800000000",
        "合计,,1000,500,,",
    ]
    path.write_bytes("\n".join(lines).encode("utf-8-sig"))
    opened = prefilled.read(tmp_path, path, year=2025, **PROJECT)
    assert opened.table("项目", *AMOUNTS) == [("甲", "0123", "", "0.1", "", "")]
    assert opened.asks("各行合计 0.04 万元", "0.05")
    texts = [str(cell.value) for page in opened.book for row in page.iter_rows() for cell in row if cell.value]
    assert not [text for text in texts if "张三" in text or "13800000000" in text]


def test_a_form_of_another_year_is_not_taken(tmp_path: Path) -> None:
    opened = prefilled.read(
        tmp_path, foreign_forms.workbook(tmp_path / "汇编.xlsx", 汇编=SEVERAL), year=2026, **PROJECT
    )
    assert opened.table("项目", *AMOUNTS) == []
    assert opened.asks("写明是 2025 年度的，不是 2026 年度")


def test_headers_of_two_rows_without_merges_and_columns_in_another_order(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        自评="""
        2025年度项目绩效自评表 | | | | | |
        项目名称：丁项目 | | | | | |
        自评 | | 指标 | | | 完成 |
        得分 | 权重（分） | 三级指标 | 二级指标 | 一级指标 | 全年完成值 | 计量单位
        40 | 40 | 1．新建泵站 | 数量指标 | 产出指标 | 3 | 座
        60 | 60 | （二）受益人口 | 社会效益指标 | 效益指标 | 9000 | 人
        """,
    )
    assert prefilled.read(tmp_path, form, **PROJECT).table(
        "指标", "一级指标", "三级指标", "权重", "实际完成值", "计量单位"
    ) == [
        ("产出指标", "新建泵站", "40", "3", "座"),
        ("效益指标", "受益人口", "60", "9000", "人"),
    ]


def test_amounts_are_converted_exactly(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        清单="""
        2025年度指标执行表 | < | <
        项目名称 | 指标金额（元） | 已支付金额（万元）
        甲 | 1234567.89 | 123.456789
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("项目", "调整后预算数", "执行数") == [("123.456789", "123.456789")]
    (value,) = [one for one in opened.outcome.filled if one.label == "调整后预算数"]
    assert value.value.value == Decimal("123.456789")


def test_points_stand_in_names_and_the_plain_budget_is_the_one_of_the_rate(tmp_path: Path) -> None:
    """The layout of Hubei: no 分值 column, 20 points for the execution of 预算数."""
    form = foreign_forms.document(
        tmp_path / "表.docx",
        "2025年度文化惠民演出项目自评表",
        "单位名称：示例市文旅局    填报日期：2026年3月1日",
        """
        项目名称 | < | 文化惠民演出 | < | < | < | <
        主管部门 | < | 示例市文旅局 | < | 项目实施单位 | 示例市艺术中心 | <
        预算执行情况（万元）\\n（20分） | < | | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分\\n（20分*执行率）
        ^ | ^ | 年度财政资金总额 | 300 | 285.6 | 95.2% | 19.04
        一级指标 | 二级指标 | 三级指标 | < | 年初目标值（A） | 实际完成值（B） | 得分
        产出指标（60分） | 数量指标 | 演出场次（30分） | < | ≥50场 | 52场 | 30
        ^ | 质量指标 | 演出合格率（30分） | < | 100% | 100% | 30
        效益指标（20分） | 社会效益指标 | 观众人次（20分） | < | ≥2万人次 | 1.9万人次 | 19
        总分 | < | < | < | < | < | 98.04
        偏差大或目标未完成原因分析 | < | 天气原因 | < | < | < | <
        改进措施及结果应用方案 | < | 加强统筹 | < | < | < | <
        """,
    )
    opened = prefilled.read(tmp_path, form, regulation="hubei-project-20-80")
    assert opened.one("基本情况", "评价年度", "填报内容") == 2025
    assert opened.table("项目", *AMOUNTS, "偏差原因", "改进措施") == [
        ("文化惠民演出", "", "", "300", "285.6", "98.04", "天气原因", "加强统筹")
    ]
    assert opened.table("指标", "一级指标", "三级指标", "权重") == [
        ("产出指标", "演出场次", "30"),
        ("产出指标", "演出合格率", "30"),
        ("效益指标", "观众人次", "20"),
    ]


def test_a_department_has_indicators_of_its_own(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        整体="""
        部门整体支出绩效自评表 | < | < | < | < | < | < | <
        （2025年度）　　单位：万元 | < | < | < | < | < | < | <
        部门（单位）名称 | 示例县水务局 | < | < | < | < | < | <
        部门资金 | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
        ^ | 年度资金总额 | 1000 | 1100 | 1045 | 10 | '95% | 9.5
        年度主要任务 | 任务名称 | 主要内容 | 预算数 | 执行数 | | |
        ^ | 任务1 | 治水 | 500 | 480 | | |
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
        产出指标 | 数量指标 | 治理河长 | ≥30公里 | 31公里 | 50 | 50 |
        效益指标 | 社会效益 | 受益人口 | ≥5万人 | 5.2万人 | 40 | 40 |
        总分 | < | < | < | < | 100 | 99.5 |
        """,
    )
    opened = prefilled.read(tmp_path, form)
    assert opened.outcome.kind == "部门整体"
    assert opened.table("项目", *AMOUNTS) == []
    assert opened.table("指标", "适用对象", "三级指标", "权重") == [
        ("部门整体", "治理河长", "50"),
        ("部门整体", "受益人口", "40"),
    ]


def test_levels_are_not_carried_down_without_a_merge(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        表="""
        2025年度绩效自评表 | | | | |
        项目名称：戊项目 | | | | |
        一级指标 | 二级指标 | 三级指标 | 指标值 | 分值 | 得分
        产出指标 | 数量指标 | 甲 | 1 | 60 | 60
         | 质量指标 | 乙 | 优 | 40 | 40
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("指标", "一级指标", "三级指标") == [("产出指标", "甲"), ("", "乙")]
    assert opened.asks("一级指标是空的", "乙")


def test_a_goal_sheet_gives_the_targets(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        目标="""
        项目支出绩效目标申报表 | < | < | < | <
        （2025年度） | < | < | < | <
        项目名称 | 己项目 | 主管部门及代码 | 201-示例县水务局 |
        项目资金（万元） | < | 年度资金总额： | 50 |
        ^ | ^ | 其中：财政拨款：50 | |
        绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值
        ^ | 产出指标 | 数量指标 | 指标1：新建泵站 | 3座
        ^ | ^ | ^ | 指标2： |
        ^ | ^ | 质量指标 | 合格率 | 100%
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("指标", "一级指标", "三级指标", "指标值") == [
        ("产出指标", "新建泵站", "3座"),
        ("产出指标", "合格率", "100%"),
    ]
    assert opened.asks("己项目", "50", "没有写明是年初预算还是调整后预算")


def test_a_code_that_was_saved_as_a_number_is_asked(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        清单="""
        2025年指标执行情况表 | < | < | <
        单位：元 | < | < | <
        项目编码 | 项目名称 | 调整后预算数 | 支付金额
        519999250000000200011 | 甲 | 100 | 50
        '519999250000000200012 | 乙 | 100 | 50
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("项目", "项目名称", "项目编码") == [("甲", ""), ("乙", "519999250000000200012")]
    assert opened.asks("甲", "后面几位已经丢失")


def test_a_rounded_amount_and_the_exact_one_are_no_conflict(tmp_path: Path) -> None:
    exact = foreign_forms.workbook(
        tmp_path / "清单.xlsx", 清单="2025年指标表 | <\n项目名称 | 已支付金额（元）\n甲 | 1862743.21"
    )
    rounded = foreign_forms.workbook(
        tmp_path / "汇总.xlsx", 汇总="2025年汇总表 | <\n项目名称 | 执行数（万元）\n甲 | 186.27"
    )
    opened = prefilled.read(tmp_path, rounded, exact, **PROJECT)
    assert opened.table("项目", "项目名称", "执行数") == [("甲", "186.274321")]
    assert not opened.asks("不一致")


def test_an_xls_does_not_show_its_per_cents(tmp_path: Path) -> None:
    """Weights and rates formatted in per cent, saved by a spreadsheet program as .xls: only the shares are there."""
    opened = prefilled.read(tmp_path, prefilled.FORMS / "shares.xls", **PROJECT)
    assert opened.table("指标", *POINTS) == [
        ("培训人数", "100", "120", "20", "20"),
        ("合格率", "≥95%", "98%", "40", "40"),
        ("就业率", "60%", "66%", "30", "30"),
    ]
    assert opened.table("项目", *AMOUNTS) == [("丙项目", "", "100", "100", "95.5", "")]


def test_the_funds_stand_beside_the_indicators(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        表="""
        2025年度绩效自评表（单位：元） | < | < | < | < | < | < | < | < | < | <
        项目名称 | 壬项目 | < | < | < | < | < | < | < | < | <
        资金 | 全年预算数 | 全年执行数 | 分值 | 得分 | | 三级指标 | 指标值 | 实际完成值 | 分值 | 得分
        合计 | 20000 | 18000 | 10 | 9 | | 甲 | 3个 | 3个 | 50 | 50
        财政拨款 | 20000 | 18000 | | | | 乙 | 5个 | 4个 | 40 | 32
        | | | | | | 总分 | | | 100 | 91
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("项目", *AMOUNTS, "执行率自评得分") == [("壬项目", "", "", "2", "1.8", "91", "9")]
    assert opened.table("指标", *POINTS) == [("甲", "3个", "3个", "50", "50"), ("乙", "5个", "4个", "40", "32")]


def without_level(row: Any) -> None:
    row.remove(row.tc_lst[2])


def without_first_cells(row: Any) -> None:
    row.remove(row.tc_lst[0])
    row.remove(row.tc_lst[0])


def with_a_blank_cell(row: Any) -> None:
    row.insert(list(row).index(row.tc_lst[3]), copy.deepcopy(row.tc_lst[-1]))


@pytest.mark.parametrize("change", [without_level, without_first_cells, with_a_blank_cell])
def test_a_row_of_a_document_has_a_cell_too_few_or_too_many(change: Callable[[Any], None], tmp_path: Path) -> None:
    file = docx.Document(str(prefilled.FORMS / "national-docx.docx"))
    (row,) = [row for row in file.tables[0]._tbl.tr_lst if "新增图书册数" in "".join(row.itertext())]
    change(row)
    file.save(str(tmp_path / "表.docx"))
    opened = prefilled.read(tmp_path, tmp_path / "表.docx", **PROJECT)
    assert opened.count("指标") == 7
    assert opened.table("指标", *POINTS)[1] == ("新增图书册数", "≥3500册", "3,621册", "10", "10")


def test_a_row_without_a_name_is_asked(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        表="""
        2025年度绩效自评表 | | | |
        项目名称：戊项目 | | | |
        三级指标 | 指标值 | 实际完成值 | 分值 | 得分
        甲 | 1个 | 1个 | 60 | 60
         | 优 | 优 | 40 | 40
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert [row[0] for row in opened.table("指标", "三级指标")] == ["甲"]
    assert opened.asks("没有指标名称", "优、优、40、40")


def test_a_table_of_indicators_names_the_project_of_each_row(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        导出="""
        2025年度绩效自评导出 | < | < | < | < | < | <
        项目编码 | 项目名称 | 一级指标 | 三级指标名称 | 指标值 | 分值 | 得分
        '0101 | 甲项目 | 产出指标 | 甲一 | 1个 | 60 | 60
        '0101 | 甲项目 | 效益指标 | 甲二 | 2个 | 30 | 30
        '0102 | 乙项目 | 产出指标 | 乙一 | 3个 | 90 | 88
        """,
    )
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("项目", "项目编码", "项目名称") == [("0101", "甲项目"), ("0102", "乙项目")]
    assert opened.table("指标", "适用对象", "三级指标", "权重") == [
        ("甲项目", "甲一", "60"),
        ("甲项目", "甲二", "30"),
        ("乙项目", "乙一", "90"),
    ]


def test_of_a_list_of_several_departments_only_the_own_rows_count(tmp_path: Path) -> None:
    form = foreign_forms.workbook(
        tmp_path / "表.xlsx",
        清单="""
        2025年度指标执行表（单位：元） | < | < | <
        单位名称 | 项目名称 | 指标金额 | 已支付金额
        甲局 | 甲项目 | 1000 | 500
        乙局 | 乙项目 | 2000 | 900
        合计 | | 3000 | 1400
        """,
    )
    assert prefilled.read(tmp_path, form, department="甲局", **PROJECT).table("项目", *AMOUNTS) == [
        ("甲项目", "", "", "0.1", "0.05", "")
    ]
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.table("项目", *AMOUNTS) == []
    assert opened.asks("甲局、乙局", "--department")


@pytest.mark.parametrize(
    "title", ["二〇二五年度指标表", "2025年1-12月指标表", "截至2025年12月31日指标表", "2025年指标表"]
)
def test_the_year_stands_in_the_title(title: str, tmp_path: Path) -> None:
    form = foreign_forms.workbook(tmp_path / "表.xlsx", 清单=f"{title} | <\n项目名称 | 指标金额（元）\n甲 | 1000")
    opened = prefilled.read(tmp_path, form, **PROJECT)
    assert opened.one("基本情况", "评价年度", "填报内容") == 2025


NATIONAL = """
    项目支出绩效自评表（2025年度）
    项目名称 | < | 河道清淤
    主管部门 | < | 示例县水务局 | < | 实施单位 | 示例县河道所
    项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
    ^ | 年度资金总额 | 100 | 120 | 114 | 10 | '95% | 9.5
    ^ | 其中：当年财政拨款 | 80 | 90 | 84 | - | | -
    ^ | 上年结转资金 | 20 | 20 | 20 | - | | -
    ^ | 其他资金 | 0 | 10 | 10 | - | | -
    年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <
    ^ | 清淤三公里。 | < | < | 清淤三点二公里。 | < | < | <
    一级指标 | 二级指标 | 三级指标 | 指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 清淤长度 | ≥3公里 | 3.2公里 | 90 | 90
"""
FUNDS = ("项目名称", "资金来源", "年初预算数", "全年预算数", "全年执行数")


def national(folder: Path, text: str = NATIONAL, **said: object) -> prefilled.Opened:
    return prefilled.read(folder, foreign_forms.workbook(folder / "自评表.xlsx", 表=text), **{**PROJECT, **said})


def test_the_parts_of_the_money_the_owners_and_the_goal_are_read(tmp_path: Path) -> None:
    opened = national(tmp_path)
    assert opened.table("项目资金", *FUNDS) == [
        ("河道清淤", "当年财政拨款", "80", "90", "84"),
        ("河道清淤", "上年结转资金", "20", "20", "20"),
        ("河道清淤", "其他资金", "0", "10", "10"),
    ]
    assert opened.table("项目", "主管部门", "实施单位", "年度目标", "目标完成情况") == [
        ("示例县水务局", "示例县河道所", "清淤三公里。", "清淤三点二公里。")
    ]


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        ("当年财政拨款 | 80 | 90 | 84", "当年财政拨款 | 81 | 90 | 84", "年初预算数"),  # they do not come to the total
        ("其他资金 | 0 | 10 | 10", "上级补助 | 0 | 10 | 10", "全年预算数"),  # of a source the form does not have
        ("上年结转资金 | 20 | 20 | 20", "自有资金 | 20 | 20 | 20", "其他资金"),  # two rows of one source
        (
            "年度资金总额 | 100 | 120 | 114",
            "年度资金总额 | 100 | 120 | 60",
            "全年执行数",
        ),  # the total does not prove itself
    ],
)
def test_parts_that_do_not_prove_themselves_are_asked(old: str, new: str, asked: str, tmp_path: Path) -> None:
    opened = national(tmp_path, NATIONAL.replace(old, new))
    assert opened.table("项目资金", *FUNDS) == []
    assert opened.asks("河道清淤", asked)


def test_a_source_nothing_is_of_is_no_row_and_a_second_empty_one_no_question(tmp_path: Path) -> None:
    text = NATIONAL.replace("其他资金 | 0 | 10 | 10", "其他资金 | - | 10 | 10")
    text = text.replace("    年度总体目标", "    ^ | 单位资金 | 0 | 0 | 0 | - | | -\n    年度总体目标")
    assert national(tmp_path, text).table("项目资金", *FUNDS)[-1] == ("河道清淤", "其他资金", "", "10", "10")


def test_several_goals_are_lines_of_one_cell(tmp_path: Path) -> None:
    line = "    ^ | 清淤三公里。 | < | < | 清淤三点二公里。 | < | < | <\n"
    opened = national(tmp_path, NATIONAL.replace(line, line + "    ^ | 栽树。 | < | < | 栽了。 | < | < | <\n"))
    assert opened.table("项目", "年度目标", "目标完成情况") == [("清淤三公里。\n栽树。", "清淤三点二公里。\n栽了。")]


def test_forms_side_by_side_keep_their_own_owners(tmp_path: Path) -> None:
    text = """
        项目支出绩效自评表（2025年度）
        项目名称 | 甲 | | 项目名称 | 乙
        实施单位 | 甲所 | | 实施单位 | 乙所
        项目资金（万元） | | | 项目资金（万元） |
        预算数：50 | 执行数：48 | | 预算数：60 | 执行数：59
    """
    opened = prefilled.read(tmp_path, foreign_forms.workbook(tmp_path / "自评表.xlsx", 表=text), **PROJECT)
    assert opened.table("项目", "项目名称", "实施单位") == [("甲", "甲所"), ("乙", "乙所")]


def test_a_table_of_goals_alone_is_no_form(tmp_path: Path) -> None:
    text = """
        重点工作
        项目名称 | 甲
        年度目标 | 完成情况
        种树 | 种了
    """
    with pytest.raises(NothingToReadError):
        prefilled.read(tmp_path, foreign_forms.workbook(tmp_path / "表.xlsx", 表=text), **PROJECT)
