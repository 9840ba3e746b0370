"""评分: sums, ranges, reasons, bases, items marked 不涉及, grade words."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest
from example_contexts import completed, published, with_card, with_submission
from planting import at, news, plant

from perfeval.checks.context import Context
from perfeval.checks.scores import duty
from perfeval.checks.scores import items as score
from perfeval.checks.scores.reasons import is_stock_phrase
from perfeval.checks.texts import names, numbers, praise, problems, tense
from perfeval.checks.texts.grade_word import stated_grades
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell, State
from perfeval.model.form import SCORES
from perfeval.model.regulation import NotApplicable
from perfeval.model.scorecard import Basis
from perfeval.model.submission import PROJECT_KIND, ScoreRow
from perfeval.prose.quantities import plain_grade

SCORE_COLUMNS = [field.label for field in SCORES.fields]


@pytest.mark.parametrize(
    ("reason", "stock"),
    [
        ("管理不到位", True),
        ("重视程度不够，管理不到位。", True),
        ("绩效管理有待加强", True),
        ("机制不健全", True),
        ("预算执行不到位", True),
        ("2个项目11月才下达资金，未支付3.20万元", False),
        ("5个项目效益指标未得满分，偏离程度小于10%", False),
        ("3项资产未贴签，管理不到位", False),
        ("", False),
    ],
)
def test_stock_phrases(reason: str, stock: bool) -> None:
    assert is_stock_phrase(SimpleNamespace(value=reason)) is stock  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("自评综合得分98.94分，整体绩效水平优秀。", ["优秀"]),
        ("评价等级为“良”，", ["良"]),
        ("自评等级：优", ["优"]),
        ("等级为优秀（98.94分）", ["优秀"]),
        ("评定为良好等级。", ["良好"]),
        ("达到优秀等次", ["优秀"]),
        ("自评结果为“优”。", ["优"]),
        ("综合评价良好，群众满意", ["良好"]),
        ("群众综合评价良好", []),
        ("整体评价为中等", ["中等"]),
        ("评价为实施依据", []),
        ("评价结果优先用于预算安排", []),
        ("项目评价等级为良", []),
        ("县教育局3个项目全部完成，自评得分98.50分，等级为良。", ["良"]),
        ("部门整体自评等级为良，项目全部完成。", ["良"]),
        ("全部项目如期完成，我局自评等级为良", ["良"]),
        ("部门整体自评等级为良，较上年有所提高", ["良"]),
        ("3个项目自评得分85分，等级为良", []),
        ("3个项目全部完成，等级为良", []),  # theirs, or the department's
        ("3个项目全部完成，自评得分均在90分以上，等级为优", []),
        ("20个项目中，18个自评等级为优", []),
        ("“校舍维修”项目已完工，自评得分95分，等级为优", []),
        ("对20个项目开展绩效自评，综合得分95分，等级为优", []),
        ("部门整体绩效较好，3个项目全部完成，等级为优", []),
        ("部门整体自评等级为良的项目3个", []),
        ("该项目全部完成，自评得分95分，等级为优", []),
        ("项目全部完成，自评得分95分，等级为优", ["优"]),
        ("社会各界反响良好，综合评价优秀", []),
        ("2024年评价等级为良", []),
        ("工作取得良好成效", []),
    ],
)
def test_grade_words_of_the_department(text: str, words: list[str]) -> None:
    assert list(stated_grades(text, 2025)) == words


def test_grade_words_are_on_one_scale() -> None:
    assert [plain_grade(word) for word in ("优秀", "良好", "中", "较差")] == ["优", "良", "中", "差"]


NO_TOTALS = {
    ("评分", name, "自评得分"): None
    for name in ("部门预算总体绩效", "部门预算项目绩效", "项目决策", "项目执行", "目标实现", "综合得分")
}  # parents may be left blank; a planted leaf then breaks no sum


def score_cell(name: str, column: str = "自评得分") -> tuple[str, str, str]:
    return ("评分", name, column)


PLANTED = [
    ("SCORE_001", {score_cell("部门预算总体绩效"): 64}, score_cell("部门预算总体绩效")),
    ("SCORE_001", {score_cell("财务管理"): 5.97}, score_cell("财务管理")),
    ("SCORE_002", {score_cell("综合得分"): 98.82}, score_cell("综合得分")),
    ("SCORE_003", {**NO_TOTALS, score_cell("决策程序"): 4.01}, score_cell("决策程序")),
    ("SCORE_003", {**NO_TOTALS, score_cell("决策程序"): -1}, score_cell("决策程序")),
    ("SCORE_004", {score_cell("财务岗位设置"): None}, score_cell("财务岗位设置")),
    ("SCORE_004", {score_cell("执行结果"): None}, score_cell("执行结果")),
    (
        "SCORE_005",
        {**NO_TOTALS, score_cell("执行结果"): 4, score_cell("执行结果", "扣分原因"): None},
        score_cell("执行结果"),
    ),
    ("SCORE_006", {score_cell("实现效果", "扣分原因"): None}, score_cell("实现效果", "扣分原因")),
    ("SCORE_007", {score_cell("实现效果", "扣分原因"): "管理不到位"}, score_cell("实现效果", "扣分原因")),
    ("SCORE_008", {score_cell("财务岗位设置", "得分依据"): None}, score_cell("财务岗位设置", "得分依据")),
    ("SCORE_009", {**NO_TOTALS, score_cell("采购管理"): 5}, score_cell("采购管理")),
    (
        "SCORE_010",
        {("报告文字", "评价结论补充", "内容"): "区发改局整体绩效水平良好。"},
        ("报告文字", "评价结论补充", "内容"),
    ),
    ("SCORE_011", {score_cell("履职效能", "分值"): 15}, score_cell("履职效能", "分值")),
    ("SCORE_012", {score_cell("预算管理", "指标编号"): "A2x"}, score_cell("预算管理", "指标编号")),
]


@pytest.mark.parametrize(("code", "changes", "place"), PLANTED)
def test_a_planted_error_is_found_at_its_cell_and_alone(code: str, changes: dict, place: tuple[str, str, str]) -> None:
    assert news(changes) == {(code, at(*place))}


@pytest.mark.parametrize(
    "changes",
    [
        {score_cell("财务管理"): 5.98},  # three addends may differ by 0.005 · 4
        {score_cell("综合得分"): 98.83},  # 22 addends by 0.115
        {score_cell("部门预算总体绩效"): None, score_cell("部门预算项目绩效"): None},
        {score_cell("采购管理"): None, **NO_TOTALS},
    ],
)
def test_what_stays_within_the_rules_raises_nothing(changes: dict) -> None:
    assert news(changes) == set()


def test_a_sum_is_compared_only_where_every_part_is_declared() -> None:
    changes = {
        score_cell("财务管理"): 1,
        score_cell("部门预算总体绩效"): None,
        score_cell("综合得分"): None,
        score_cell("财务岗位设置"): None,
    }
    assert news(changes) == {("SCORE_004", at(*score_cell("财务岗位设置")))}


# a leaf and what is typed there; all sums above it are reported at once, and typing what they should be leaves nothing
ONE_ROUND = [("决策程序", 1), ("决策程序", 9), ("财务岗位设置", 0.5), ("实现效果", 0)]


@pytest.mark.parametrize(("leaf", "points"), ONE_ROUND)
def test_sums_of_all_levels_are_reported_bottom_up_in_one_round(leaf: str, points: float) -> None:
    changes: dict[tuple[str, str, str], object] = {score_cell(leaf): points}
    sums = [f for f in plant(changes) if f.code in ("SCORE_001", "SCORE_002", "SCORE_003")]
    for finding in sums:
        changes[_place(finding)] = float(finding.expected.removeprefix("0 到 "))
    assert len(sums) >= 3 or points == 9  # above its 分值: the sums already count it as what it may be
    assert not {code for code, _ in news(changes)} & {"SCORE_001", "SCORE_002", "SCORE_003"}


def _place(finding: Finding) -> tuple[str, str, str]:
    """Its row by name: a leaf, a parent or the total."""
    names = [score_cell(row.item_name.raw) for row in completed().submission.scores if row.declared.ref == finding.ref]
    return names[0] if names else score_cell("综合得分")


def test_a_proposed_sum_is_never_above_its_points() -> None:
    proposed = {f.code: f for f in plant({score_cell("决策程序"): 400}) if f.code in ("SCORE_001", "SCORE_002")}
    assert all(float(f.expected) <= 100 for f in proposed.values())


def test_a_blank_parent_counts_as_the_sum_of_its_parts() -> None:
    changes = {score_cell("财务管理"): None, score_cell("部门预算总体绩效"): 64}
    assert news(changes) == {("SCORE_001", at(*score_cell("部门预算总体绩效")))}


def test_a_reason_answers_a_difference() -> None:
    changes = {**NO_TOTALS, score_cell("实现效果"): 2.5}
    assert [(f.code, f.answered) for f in plant(changes) if f.code == "SCORE_005"] == [("SCORE_005", True)]


def test_rows_that_are_missing_are_one_finding() -> None:
    gone = {at(*score_cell(name, column)): None for name in ("账账相符", "采购管理") for column in SCORE_COLUMNS}
    assert news({**NO_TOTALS, score_cell("资产管理"): None, **gone}) == {("SCORE_013", "评分!A4")}


def test_a_row_that_is_there_twice_is_reported_at_the_later_one() -> None:
    found = news({score_cell("预算管理", "指标编号"): "A"})
    assert found == {("SCORE_012", at(*score_cell("预算管理", "指标编号")))}


def test_a_row_without_its_number_goes_by_its_name() -> None:
    assert news({score_cell("决策程序", "指标编号"): None}) == set()
    broken = {
        at(*score_cell("决策程序", "指标名称")): "决策",
        at(*score_cell("决策程序", "指标编号")): None,
        **NO_TOTALS,
    }
    row = at(*score_cell("决策程序"))[-2:]
    assert news(broken) == {("SCORE_012", f"评分!A{row}"), ("SCORE_013", "评分!A4")}


@pytest.mark.parametrize("wrong", ["A9.9", "A1"])
def test_a_row_with_a_wrong_number_is_reported_there_alone_and_by_its_name(wrong: str) -> None:
    """The item is not missing as well: its row is there."""
    place = score_cell("单位收入统筹", "指标编号")
    assert news({place: wrong, **NO_TOTALS}) == {("SCORE_012", at(*place))}
    finding = next(f for f in plant({place: wrong}) if f.code == "SCORE_012")
    assert (finding.expected, "按指标名称应当是 A2.2" in finding.message) == ("A2.2", True)


@pytest.mark.parametrize("year", [1999, 2205])
def test_nothing_is_concluded_from_a_year_that_cannot_be(year: int) -> None:
    """Neither that every project was entered late, nor that a day named in full is outside of 12月底前."""
    place = ("基本情况", "评价年度")
    days = {("指标", "检查完成时限", "指标性质"): "≤", ("指标", "检查完成时限", "实际完成值"): "2025年11月20日"}
    assert news({place: year, **days}, ["BASIC", "SCORE", "INDICATOR", "CELL"]) == {("BASIC_002", at(*place))}


def test_both_figures_are_named() -> None:
    messages = {f.code: f.message for f in plant({score_cell("综合得分"): 93.94, score_cell("项目执行"): 12})}
    assert "93.94" in messages["SCORE_002"]
    assert "98.94" in messages["SCORE_002"]
    assert "12" in messages["SCORE_001"]
    assert "11.73" in messages["SCORE_001"]


def test_a_project_workbook_passes_silently() -> None:
    context = completed()
    kind = context.submission.basic.kind._replace(value=PROJECT_KIND)
    projects_only = with_submission(
        context, basic=replace(context.submission.basic, kind=kind), problems=(), texts=(), duties=()
    )
    checks = [check for module in (score, duty, names, numbers, praise, problems, tense) for check in module.CHECKS]
    assert [f for check in checks for f in check(projects_only)] == []


def test_without_a_known_regulation_only_what_needs_none_is_reported() -> None:
    context = replace(published(), regulation=None, scorecard=None)
    assert {f.code for check in score.CHECKS for f in check(context)} == set()
    assert {f.code for check in duty.CHECKS for f in check(context)} == {"DUTY_005", "DUTY_006"}


def test_unreadable_and_absent_cells_are_not_reported_again() -> None:
    context = completed()
    for state in (State.UNREADABLE, State.ABSENT):
        rows = tuple(
            replace(
                row,
                **{
                    key: getattr(row, key)._replace(value=None, state=state)
                    for key in ("declared", "basis", "deduction_reason")
                },
            )
            for row in context.submission.scores
        )
        changed = with_submission(context, scores=rows)
        items = tuple(replace(s, score=None, basis=Basis.NOT_SCORED) for s in context.scorecard.items)
        assert [f for check in score.CHECKS for f in check(with_card(changed, items=items))] == []


def left_out(context: Context, declared: str | None, stated: str) -> Context:
    """采购管理 (6 points) left out of the total by the regulation, with this declared score; 综合得分 as stated."""
    regulation = context.regulation
    items = tuple(
        replace(item, not_applicable=NotApplicable.EXCLUDE_AND_RESCALE) if item.name == "采购管理" else item
        for item in regulation.items
    )
    by_id = {item.id: item for item in items}
    scores = tuple(
        replace(s, item=by_id[s.item.id], score=None if s.item.name == "采购管理" else s.score)
        for s in context.scorecard.items
    )
    rows = tuple(
        replace(row, declared=declared_as(row.declared, declared))
        if row.item_name.value == "采购管理"
        else declare_no_sum(row)
        for row in context.submission.scores
    )
    changed = with_submission(context, scores=rows, grand_total=declared_as(context.submission.grand_total, stated))
    return replace(with_card(changed, items=scores), regulation=replace(regulation, items=items))


def declared_as(cell: Cell, figure: str | None) -> Cell:
    if figure is None:
        return cell._replace(raw="", value=None, state=State.BLANK)
    return cell._replace(raw=figure, value=Decimal(figure), state=State.READ)


def declare_no_sum(row: ScoreRow) -> ScoreRow:
    return replace(row, declared=declared_as(row.declared, None)) if row.item_name.value == "部门预算总体绩效" else row


# the other leaves add to 92.94 of 94: 92.94 ÷ 94 × 100 = 98.87
@pytest.mark.parametrize(
    ("declared", "stated", "codes"),
    [
        (None, "98.87", set()),
        ("0", "98.87", set()),
        ("6", "98.87", {"SCORE_009"}),
        (None, "92.94", {"SCORE_005"}),  # the plain sum, not rescaled
        (None, "95", {"SCORE_002"}),
    ],
)
def test_items_left_out_of_the_total(declared: str | None, stated: str, codes: set[str]) -> None:
    context = left_out(completed(), declared, stated)
    assert {f.code for check in score.CHECKS for f in check(context)} == codes


@pytest.mark.parametrize("typed", ["Ａ2", "A２", " A2 ", "A\u200b2", "a2"])
def test_an_item_number_of_another_width_is_the_same(typed):
    assert news({score_cell("预算管理", "指标编号"): typed}) == set()
