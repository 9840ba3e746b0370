"""Builds the two standard Word templates from the wording and the names; a bureau may change them in Word."""

from collections.abc import Iterator
from typing import Any

from perfeval.documents.report import wording
from perfeval.documents.report.names import DEPARTMENT_NAMES, PROJECT_NAMES, Names
from perfeval.word.blocks import Row, Slot, heads, loop, paragraph, paragraphs, table
from perfeval.word.package import LANDSCAPE, LANDSCAPE_WIDTH, PORTRAIT, PORTRAIT_WIDTH, package, section

REPORT, PROJECT_FORM = "自评报告", "项目支出绩效自评表"
ANNEX_NAME = "部门整体支出绩效目标完成情况自评表"
PAGE_BREAK = "<w:pageBreakBefore/>"


def default_templates() -> dict[str, bytes]:
    """The standard templates by file name; the same bytes every time."""
    return {
        f"{REPORT}_模板.docx": package(_report(), REPORT),
        f"{PROJECT_FORM}_模板.docx": package(_project_forms(), PROJECT_FORM),
    }


def _report() -> str:
    return "".join(
        [
            paragraph("{{ 报告标题 }}", "ReportTitle"),
            paragraph("一、部门（单位）基本情况", "Heading1"),
            paragraph("（一）机构组成", "Heading2"),
            paragraphs(wording.CHAPTER_1),
            paragraph("（二）机构职能", "Heading2"),
            paragraphs(wording.FUNCTIONS),
            paragraph("（三）人员概况", "Heading2"),
            paragraphs(wording.STAFF),
            paragraph("二、部门资金收支情况", "Heading1"),
            paragraph("（一）收入情况", "Heading2"),
            paragraphs(wording.INCOME),
            paragraph("（二）支出情况", "Heading2"),
            paragraphs(wording.SPENDING),
            paragraph("（三）结余分配和结转结余情况", "Heading2"),
            paragraphs(wording.BALANCE),
            paragraph("三、部门预算绩效分析", "Heading1"),
            _analysis(),
            paragraph("四、评价结论及建议", "Heading1"),
            paragraph("（一）评价结论", "Heading2"),
            paragraphs(wording.CONCLUSION),
            paragraph("（二）存在问题", "Heading2"),
            paragraphs(wording.PROBLEMS),
            paragraph("（三）改进建议", "Heading2"),
            paragraphs(wording.SUGGESTIONS),
            paragraph("{%p if 其他说明 %}"),
            paragraph("（四）其他说明", "Heading2"),
            paragraphs("{%p for 段 in 其他说明 %}\n{{ 段 }}\n{%p endfor %}\n{%p endif %}"),
            _closing(),
            _annex(),
            _forms("附表2", LANDSCAPE_WIDTH),
            _help(DEPARTMENT_NAMES),
            section(LANDSCAPE),
        ]
    )


def _analysis() -> str:
    return "".join(
        [
            paragraph("{%p for 节 in 绩效分析 %}"),
            paragraph("（{{ 节.序号 }}）{{ 节.名称 }}分析", "Heading2"),
            paragraphs(wording.OVERALL),
            paragraph("{%p for 项 in 节.指标 %}"),
            paragraph("{{ 项.序号 }}. {{ 项.名称 }}（{{ 项.分值 }}分，得分{{ 项.得分 }}分）", "Heading3"),
            paragraphs(
                f"{{%p for 职 in 项.职能 %}}\n{wording.DUTY}\n{{%p endfor %}}\n{{%p for 叶 in 项.末级 %}}\n{wording.LEAF}\n{{%p endfor %}}"
            ),
            paragraph("{%p endfor %}"),
            paragraphs(wording.GOALS),
            paragraph("{%p endfor %}"),
            paragraph("（{{ 重点领域.序号 }}）重点领域绩效分析", "Heading2"),
            paragraphs(wording.KEY_AREAS),
            paragraph("（{{ 结果应用.序号 }}）绩效结果应用情况", "Heading2"),
            paragraphs(wording.USE_OF_RESULTS),
        ]
    )


def _closing() -> str:
    return "".join(
        [
            paragraph(f"{{{{ 附表.标号 }}}}：{ANNEX_NAME}"),
            paragraph("{%p if 附表.有项目自评表 %}"),
            paragraph(f"附表2：{PROJECT_FORM}"),
            paragraph("{%p endif %}"),
            paragraph("{{ 部门名称 }}", "Signature", '<w:spacing w:before="579"/>'),
            paragraph("{{ 成文日期 }}", "Signature", section(PORTRAIT, footers=True)),
        ]
    )


def _annex() -> str:
    return "".join(
        [
            paragraph("{{ 附表.标号 }}", "AnnexMark"),
            paragraph(ANNEX_NAME, "AnnexTitle"),
            paragraph("（{{ 评价年度 }}年度）", "AnnexYear"),
            paragraph("单位：万元", "UnitLine"),
            table((3000, 3256, 1700, 1700, 1600, 1500), _annex_head()),
            paragraph("", "Sliver"),
            table((1400, 1600, 3256, 900, 1500, 1100, 800, 1400, 800), _annex_indicators()),
            paragraph("", "Sliver"),
        ]
    )


def _annex_head() -> list[Row]:
    budget, tasks = "年度部门整体支出预算", "年度主要任务"
    return [
        Row((Slot("部门名称", "TableHead"), Slot("{{ 部门名称 }}", "TableCentre", 5)), header=True),
        Row((Slot(budget, "TableHead", merge="restart"), *heads("资金总额", "财政拨款", "上年结转", "单位资金", "其他资金"))),
        Row(
            (
                Slot("", "TableHead", merge="continue"),
                *(Slot(f"{{{{ 附表.{name} }}}}", "TableCentre") for name in ("资金总额", "财政拨款", "上年结转", "单位资金", "其他资金")),
            )
        ),
        Row((Slot("年度总体目标", "TableHead"), Slot("{{ 附表.总体目标 }}", span=5))),
        Row((Slot(tasks, "TableHead", merge="restart"), Slot("任务名称", "TableHead"), Slot("主要内容", "TableHead", 4))),
        Row((Slot("", "TableHead", merge="continue"), Slot("基本支出"), Slot("保障机构正常运转", span=4))),
        loop("{%tr for 任务 in 附表.任务 %}", 6),
        Row((Slot("", "TableHead", merge="continue"), Slot("{{ 任务.名称 }}"), Slot("{{ 任务.内容 }}", span=4))),
        loop("{%tr endfor %}", 6),
    ]


def _annex_indicators() -> list[Row]:
    names = ("一级指标", "二级指标", "三级指标", "绩效指标性质", "绩效指标值", "绩效度量单位", "权重", "实际完成指标值", "得分")
    values = ("性质", "指标值", "单位", "权重", "实际完成值", "得分")
    return [
        Row((Slot("年度绩效指标", "TableHead", 9),), header=True),
        Row(heads(*names), header=True),
        loop("{%tr if not 附表.指标 %}", 9),
        Row((Slot("未填报部门整体绩效指标", "TableCentre", 9),)),
        loop("{%tr endif %}", 9),
        loop("{%tr for 行 in 附表.指标 %}", 9),
        Row((*_merged(), Slot("{{ 行.三级 }}"), *(Slot(f"{{{{ 行.{value} }}}}", "TableCentre") for value in values))),
        loop("{%tr endfor %}", 9),
    ]


def _merged() -> tuple[Slot, Slot]:
    """The cells of 一级指标 and 二级指标, merged while they stay the same."""
    return (
        Slot("{%合并 行.一级首行 %}{{ 行.一级 }}", "TableCentre"),
        Slot("{%合并 行.二级首行 %}{{ 行.二级 }}", "TableCentre"),
    )


def _forms(mark: str, width: int) -> str:
    """A 项目支出绩效自评表 for each project, each on a page of its own."""
    marked = paragraph(mark, "AnnexMark", PAGE_BREAK) if mark else ""
    return "".join(
        [
            paragraph("{%p for 表 in 项目自评表 %}"),
            marked,
            paragraph(PROJECT_FORM, "AnnexTitle", "" if mark else PAGE_BREAK),
            paragraph("（{{ 评价年度 }}年度）", "AnnexYear"),
            paragraph("单位：万元", "UnitLine"),
            table(_scaled((1494, 1200, 1380, 1230, 1180, 1180, 1180), width), _form_head()),
            paragraph("", "Sliver"),
            table(_scaled((1170, 1170, 1800, 1000, 1164, 600, 600, 1340), width), _form_indicators()),
            paragraph("", "Sliver"),
            paragraph("{%p endfor %}"),
        ]
    )


def _scaled(widths: tuple[int, ...], width: int) -> tuple[int, ...]:
    """The same proportions on another width."""
    scaled = [w * width // sum(widths) for w in widths[:-1]]
    return (*scaled, width - sum(scaled))


def _form_head() -> list[Row]:
    names = ("年初预算数", "调整后预算数", "执行数", "执行率", "分值", "得分")
    return [
        Row((Slot("项目名称", "TableHead"), Slot("{{ 表.名称 }}", "TableCentre", 6))),
        Row(
            (
                Slot("实施单位", "TableHead"),
                Slot("{{ 表.单位 }}", "TableCentre", 3),
                Slot("项目类型", "TableHead"),
                Slot("{{ 表.类型 }}", "TableCentre", 2),
            )
        ),
        Row((Slot("预算执行情况", "TableHead", merge="restart"), *heads(*names))),
        Row((Slot("", "TableHead", merge="continue"), *(Slot(f"{{{{ 表.{name} }}}}", "TableCentre") for name in names))),
        loop("{%tr if 表.偏差原因 %}", 7),
        Row(
            (
                Slot("执行偏差原因", "TableHead"),
                Slot("{{ 表.偏差原因 }}{% if 表.改进措施 %}。改进措施：{{ 表.改进措施 }}{% endif %}", span=6),
            )
        ),
        loop("{%tr endif %}", 7),
        Row((Slot("年度目标", "TableHead"), Slot("{{ 表.年度目标 }}", span=6))),
    ]


def _form_indicators() -> list[Row]:
    names = ("一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值", "得分", "偏差原因及改进措施")
    values = ("{{ 行.指标值全文 }}", "{{ 行.实际完成值 }}", "{{ 行.权重 }}", "{{ 行.得分 }}")
    return [
        Row(heads(*names), header=True),
        loop("{%tr if 表.指标 %}", 8),
        loop("{%tr for 行 in 表.指标 %}", 8),
        Row((*_merged(), Slot("{{ 行.三级 }}"), *(Slot(value, "TableCentre") for value in values), Slot("{{ 行.偏差与措施 }}"))),
        loop("{%tr endfor %}", 8),
        loop("{%tr else %}", 8),
        Row((Slot("本项目未填报绩效指标", "TableCentre", 8),)),
        loop("{%tr endif %}", 8),
        Row(
            (
                Slot("总分", "TableHead", 3),
                Slot("{{ 表.总分 }}", "TableCentre", 2),
                Slot("等级", "TableHead", 2),
                Slot("{{ 表.等级 }}", "TableCentre"),
            )
        ),
    ]


def _project_forms() -> str:
    people = paragraph("填报人：{{ 填报人 }}　　审核人：{{ 审核人 }}　　联系电话：{{ 联系电话 }}")
    return "".join([_forms("", PORTRAIT_WIDTH), people, _help(PROJECT_NAMES), section(PORTRAIT, footers=True)])


def _help(names: Names) -> str:
    """A page that explains the names; each line is a comment, so none of it is printed."""
    lines = [
        "以下各行是说明，不会印在报告中。",
        "双花括号中的名称换成数据；“（可空）”的名称要放在 if 中；以 p 开头的标签单独成段，以 tr 开头的单独占表格的一行。",
        "名称前加“合并”的标签写在单元格里：条件成立时开始一个单元格，不成立时与上一行合并。",
        *_help_lines(names),
    ]
    return "".join(paragraph(f"{{#p {line} #}}", properties=PAGE_BREAK if number == 0 else "") for number, line in enumerate(lines))


def _help_lines(names: Names) -> Iterator[str]:
    """A line for each name; the parts of a name follow on its own line, those with parts again below it."""
    for name, kind in names.items():
        inner: Any = kind[0] if isinstance(kind, list) else kind
        listed = "列表，用 for 逐项取；每一项" if isinstance(kind, list) else ""
        if not isinstance(inner, dict):
            yield f"{name}：{listed}{'是' if listed else ''}{inner}"
            continue
        plain = "；".join(f"{part} {text}" for part, text in inner.items() if isinstance(text, str))
        yield f"{name}：{listed}有下列部分：{plain}"
        yield from _help_lines({f"{name}.{part}": text for part, text in inner.items() if not isinstance(text, str)})
