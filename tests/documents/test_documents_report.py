"""自评报告.docx and 项目支出绩效自评表.docx: chapters, figures, sentences that follow the data, and the standard's format."""

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import Any

import places
import pytest
from docxtpl import DocxTemplate
from gongwen_check import check
from jinja2 import Environment
from report_packages import completed, fill, package, project_kind, regulations, with_indicators, with_projects
from report_texts import body_of, errors, opened, text_of, unknown_numbers

from perfeval.checks.context import Context
from perfeval.checks.texts.praise import praise_in_duties
from perfeval.documents.evaluation import Evaluation
from perfeval.documents.report.names import PROJECT_REPORT, REPORT
from perfeval.documents.report.view import department_values, project_values
from perfeval.documents.report.view_figures import Figures
from perfeval.documents.report.write import NAMES, load_report_templates, standard_templates
from perfeval.excel.zips import write_zip
from perfeval.word.comments import MARK_START

GOLDEN = places.GOLDEN / "自评报告_补齐稿.txt"


def render(made: Evaluation, **options: Any) -> bytes:
    return load_report_templates().render(made, **options)


@pytest.fixture(scope="module")
def report() -> bytes:
    return render(package(completed()))


def test_the_completed_example_reads_as_reviewed(report: bytes) -> None:
    assert text_of(report) == GOLDEN.read_text(encoding="utf-8")


def test_the_completed_example_meets_the_standard_without_a_word(report: bytes) -> None:
    assert check(io.BytesIO(report)) == []


SEED_FIGURES = [
    *(
        "行政编制8名",
        "机关工勤编制1名",
        "事业编制7名",
        "实有人数16人",
        "年初预算收入430.66万元",
        "财政拨款收入388.63万元",
        "上年结转42.03万元",
    ),
    *(
        "全年决算总收入570.41万元",
        "年初预算支出430.66万元",
        "全年决算总支出570.41万元",
        "年末结转和结余0万元",
        "总分65分，得分65分",
    ),
    *("14.29%", "38.76%", "58.15", "148.61", "100.00%", "95.87%", "97.03%", "64.72%", "3.73", "2.21", "98.94", "“优”"),
    *(
        "总投资277.24亿元",
        "计划完成投资62.16亿元",
        "已完成投资40.23亿元",
        "编发《价格动态》12期",
        "涉及认定总额4.5万元",
    ),
]


@pytest.mark.parametrize("figure", SEED_FIGURES)
def test_every_figure_of_the_published_report_is_there(report: bytes, figure: str) -> None:
    assert figure in text_of(report)


CHAPTERS = [
    *("一、部门（单位）基本情况", "（一）机构组成", "（二）机构职能", "（三）人员概况"),
    *("二、部门资金收支情况", "（一）收入情况", "（二）支出情况", "（三）结余分配和结转结余情况"),
    *(
        "三、部门预算绩效分析",
        "（一）部门预算总体绩效分析",
        "（二）部门预算项目绩效分析",
        "（三）重点领域绩效分析",
        "（四）绩效结果应用情况",
    ),
    *("四、评价结论及建议", "（一）评价结论", "（二）存在问题", "（三）改进建议"),
    *("附表：部门整体支出绩效目标完成情况自评表", "附表", "部门整体支出绩效目标完成情况自评表"),
]


def test_the_chapters_are_in_the_published_order(report: bytes) -> None:
    assert [line for line in body_of(report) if line in CHAPTERS] == CHAPTERS


# Every number of a document comes from the model.


def test_every_number_is_in_the_model(report: bytes) -> None:
    assert unknown_numbers(package(completed()), report) == set()


def test_a_number_that_is_not_in_the_model_would_be_seen() -> None:
    other = replace(completed(), basic=fill(completed().basic, staff=977))
    assert unknown_numbers(package(completed()), render(package(other))) == {"977"}


# Sentences follow the data.


def test_each_deviating_indicator_is_named_once_with_reason_and_measure(report: bytes) -> None:
    text = "\n".join(body_of(report))
    for name, reason, measure in (
        ("发放工资人数", "机构改革后实有人数为16人", "以核定编制数为准"),
        ("经济形势向好", "部分经济指标增速低于预期", "加强经济运行调度"),
        ("经营者和消费者满意度", "价格政策宣传覆盖不足", "扩大价格政策宣传面"),
    ):
        sentence = [line for line in body_of(report) if name in line]
        assert len(sentence) == 1
        assert reason in sentence[0]
        assert measure in sentence[0]
        assert text.count(reason) == 1


def test_lost_points_are_in_one_sentence_with_the_reason_and_the_arithmetic_in_the_annex(report: bytes) -> None:
    lines = body_of(report)
    lost = next(line for line in lines if line.startswith("（3）执行结果"))
    assert "得3.73分，扣0.27分" in lost
    assert not [line for line in lines[: lines.index("附件")] if re.search("[×÷]", line)]
    assert "执行结果 = 4 × 570.41 ÷ 612.44 = 3.73 分。" in lines[lines.index("附件") :]
    assert "扣分原因：全年单位实际支付金额小于全年下达单位计划" in lost


def test_a_declared_score_other_than_the_computed_one_is_beside_it() -> None:
    scores = tuple(
        fill(row, declared=Decimal(4)) if row.item_name.value == "执行结果" else row for row in completed().scores
    )
    line = next(
        line
        for line in body_of(render(package(replace(completed(), scores=scores))))
        if line.startswith("（3）执行结果")
    )
    assert "得3.73分" in line
    assert line.endswith("。单位自评4分，按填报数据计算得3.73分，相差0.27分。")


def test_nothing_is_called_wholly_done_when_something_was_missed() -> None:
    texts = tuple(
        replace(t, content=t.content._replace(value="严格落实要求，圆满完成年度各项绩效目标，工作取得成效。"))
        if t.chapter.value == "评价结论补充"
        else t
        for t in completed().texts
    )
    text = text_of(render(package(replace(completed(), texts=texts))))
    assert "圆满完成" not in text
    assert "严格落实要求，工作取得成效。" in text


def test_praise_in_a_duty_is_left_out_where_a_check_found_it_untrue() -> None:
    duties = tuple(fill(duty, achievement="圆满完成年度各项目标任务，推进有力。") for duty in completed().duties)
    made = package(replace(completed(), duties=duties))
    findings = tuple(praise_in_duties(Context(made.submission, made.regulation, made.scorecard, regulations())))
    assert [f.ref for f in findings] == [duties[1].achievement.ref]
    reported = [line for line in body_of(render(replace(made, findings=findings))) if "推进有力" in line]
    assert ["圆满完成" in line for line in reported] == [True, False, True]


def test_problems_are_paired_with_measure_person_and_date(report: bytes) -> None:
    line = next(line for line in body_of(report) if line.startswith("1. 针对"))
    assert "绩效指标精细化程度不足" in line
    assert "进一步优化指标体系" in line
    assert "责任人：办公室（示例构造）" in line
    assert "完成时限：2026年6月30日" in line


def test_a_department_without_the_optional_words_reads_whole() -> None:
    basic = fill(completed().basic, short_name=None, rank=None, plates=None, offices=None, annual_goal=None, staff=None)
    basic = fill(basic, administrative_posts=None, worker_posts=None, institution_posts=None)
    bare = replace(
        completed(), basic=basic, functions=(), texts=(), problems=(), projects=(), indicators=(), duty_data=()
    )
    content = render(package(bare))
    assert errors(content) == []
    text = text_of(content)
    assert "不涉及部门预算项目" in text
    assert "未填报人员编制情况" in text
    assert not re.search(r"None|nan|\{\{|，，|。。|；。|“”", text)


# Format, whatever the department.

RARE = "龘〇㐀𠮷&<甲>〔2025〕“引号”局"


@pytest.mark.parametrize(("projects", "indicators"), [(1, 5), (2, 30), (20, 60), (200, 400)])
def test_small_and_large_departments_meet_the_standard(projects: int, indicators: int) -> None:
    made = replace(completed(), basic=fill(completed().basic, department=f"{RARE}{'很长的名称' * 6}", short_name=RARE))
    made = with_projects(made, [f"项目{i}&<〔{i}〕{'长' * (i % 40)}" for i in range(projects)])
    made = with_indicators(made, [f"指标{i}&<{'长' * (i % 30)}" for i in range(indicators)])
    made = with_indicators(
        made, ["项目指标甲", "项目指标乙", "项目指标丙"], weight=30, subject=str(made.projects[0].name.value)
    )
    content = render(package(made))
    assert errors(content) == []
    text = text_of(content)
    assert RARE in text
    assert f"项目{projects - 1}&<〔{projects - 1}〕" in text
    assert f"指标{indicators - 1}&<" in text
    assert text.count("\n附表2\n") == 1


NUMBERED = "总的情况\n一、内部应用\n（一）预算\t编制\n（3）考核\n2、公开\n5. 2025年01月05日上网&<公示>〔2025〕"


def test_numbering_and_dates_typed_into_any_text_do_not_disturb_those_of_the_report() -> None:
    filed = completed()
    made = replace(
        filed,
        functions=tuple(
            fill(f, content=f"{['一、', '（二）', '3.', '（4）', ''][i % 5]}{NUMBERED}")
            for i, f in enumerate(filed.functions)
        ),
        texts=tuple(fill(t, content=NUMBERED) for t in filed.texts),
        problems=tuple(
            fill(p, problem=NUMBERED, suggestion=NUMBERED, deadline="2026年06月30日") for p in filed.problems
        ),
        duties=tuple(fill(d, achievement=NUMBERED) for d in filed.duties),
        scores=tuple(fill(s, basis=NUMBERED, deduction_reason=NUMBERED) for s in filed.scores),
        projects=tuple(fill(p, name=f"1. {p.name.value}", deviation_reason=NUMBERED) for p in filed.projects),
        indicators=tuple(fill(i, name=f"（1）{i.name.value}", deviation_reason=NUMBERED) for i in filed.indicators),
    )
    content = render(package(made))
    assert errors(content) == []
    assert "2025年1月5日上网&<公示>〔2025〕" in text_of(content)


def test_the_annex_repeats_its_header_keeps_rows_whole_and_merges_classes(report: bytes) -> None:
    made = opened(report)
    table = made.tables[1]
    marks = [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows]
    assert marks[:3] == [True, True, False]
    assert all(row._tr.xpath("w:trPr/w:cantSplit") for t in made.tables for row in t.rows)
    assert table.rows[2].cells[0]._tc is table.rows[3].cells[0]._tc
    assert made.sections[-1].page_width > made.sections[-1].page_height
    assert made.sections[0].page_width < made.sections[0].page_height


def test_another_departments_scheme_gives_a_report_of_its_own_tree() -> None:
    content = render(package(completed(), "pidu-dept-40-50-10"))
    assert errors(content) == []
    text = text_of(content)
    for item in regulations()["pidu-dept-40-50-10"].leaves():
        assert item.name in text
    assert "履职效能（" not in text
    assert "（二）重点履职分析" in text
    assert "（四）部门预算项目绩效分析" in text


# 项目支出


@pytest.mark.parametrize("regulation", ["cn-project-10-90", "hubei-project-20-80", "sichuan-project-10-90"])
def test_a_project_workbook_gives_one_form_a_project(regulation: str) -> None:
    made = package(project_kind(completed(), regulation))
    content = render(made)
    assert load_report_templates().document_name(made) == PROJECT_REPORT
    assert errors(content) == []
    text = text_of(content)
    assert text.count("项目支出绩效自评表") == 3
    assert text.count("本项目未填报绩效指标") == 1
    assert "经济运行分析业务经费的指标4" in text
    assert "原因2／措施2" in text
    assert re.search(r"总分 \| \d+(\.\d+)? \| 等级 \| [优良中差]", text)


def test_the_project_forms_of_a_department_follow_its_annex() -> None:
    name = str(completed().projects[0].name.value)
    made = with_indicators(completed(), ["甲", "乙", "丙"], subject=name)
    lines = body_of(render(package(made)))
    assert lines[lines.index("附表1") : lines.index("附件")] == [
        *("附表1", "部门整体支出绩效目标完成情况自评表", "（2025年度）", "单位：万元"),
        *("附表2", "项目支出绩效自评表", "（2025年度）", "单位：万元"),
    ]


# The view


def shape(values: Any) -> Any:
    if isinstance(values, dict):
        return {key: shape(value) for key, value in values.items()}
    return [shape(values[0])] if isinstance(values, list) and values else [] if isinstance(values, list) else ""


def same_names(declared: Any, given: Any, place: str = "") -> None:
    if isinstance(declared, dict):
        assert isinstance(given, dict), place
        assert set(given) == set(declared), place
        for key, kind in declared.items():
            same_names(kind, given[key], f"{place}.{key}")
    elif isinstance(declared, list):
        assert isinstance(given, list), place
        if given:
            same_names(declared[0], given[0], place)
    else:
        assert given == "", place


def test_the_declared_names_are_those_the_view_gives() -> None:
    made = with_indicators(completed(), ["甲", "乙", "丙"], subject=str(completed().projects[0].name.value))
    same_names(NAMES[REPORT], shape(department_values(package(made), Figures())))
    same_names(NAMES[PROJECT_REPORT], shape(project_values(package(project_kind(completed())), Figures())))


def test_the_whole_report_reads_as_docxtpl_renders_it(report: bytes) -> None:
    """Our merging tag apart, which docxtpl does not know."""
    archive = zipfile.ZipFile(io.BytesIO(standard_templates()[f"{REPORT}_模板.docx"]))
    parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = re.sub(rb"\{%\xe5\x90\x88\xe5\xb9\xb6 [^%]*%\}", b"", parts["word/document.xml"])
    peer = DocxTemplate(io.BytesIO(write_zip(parts)))
    peer.render(department_values(package(completed()), Figures()), Environment(autoescape=True))
    buffer = io.BytesIO()
    peer.save(buffer)
    assert body_of(buffer.getvalue()) == body_of(report)


# The annotated copy


def test_the_annotated_copy_says_where_each_figure_comes_from(report: bytes) -> None:
    annotated = render(package(completed()), annotated=True)
    assert text_of(annotated) == text_of(report)
    comments = [c.text for c in opened(annotated).comments]
    assert any("「收支」" in c and "收入合计" in c for c in comments)
    assert any("参照" in c and "推定" in c for c in comments)
    assert len(comments) > 100
    assert MARK_START not in text_of(annotated)
    assert b"comment" not in report


def test_the_same_package_gives_the_same_bytes(report: bytes) -> None:
    assert render(package(completed())) == report
    assert opened(report).core_properties.title == "乐山市金口河区发展和改革委员会2025年度部门整体绩效自评报告"
