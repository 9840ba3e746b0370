"""`regulation whatif`: whose total or grade changes under a new rule, by which item; nothing where nothing changes."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from example_county import CASES, FOLDER, county, workbook
from places import ROOT

from perfeval.blank.layout import Filling, Record
from perfeval.blank.workbook import filled_template
from perfeval.cli.commands import main
from perfeval.errors import NothingToReadError, UsageError
from perfeval.model.regulation import Asked, Cap, GradeBand, Regulation
from perfeval.rules.formulas import parse
from perfeval.rules.load import load_regulations
from perfeval.run.inbox import find
from perfeval.schemes.whatif import Answer, Effect, Question, describe, effect_on, what_if

REGULATIONS = load_regulations()
DEPT, PROJ = REGULATIONS["sichuan-dept-65-35"], REGULATIONS["cn-project-10-90"]
EXAMPLE = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"


def with_item(regulation: Regulation, item_id: str, **change: object) -> Regulation:
    items = tuple(replace(item, **change) if item.id == item_id else item for item in regulation.items)
    return replace(regulation, items=items)


def effect(old: Regulation, new: Regulation, path: Path) -> Effect:
    return effect_on(Question(old, new, REGULATIONS), find([path])[0])


STRICTER = with_item(
    DEPT, "A2.5", parameters={"conditions": ({"input": "over_budget", "below": Decimal(0), "points": Decimal(2)},)},
    inputs={"over_budget": "controlled_items_over_budget"}
)  # fmt: skip


def test_a_total_changes_by_one_item() -> None:
    found = effect(DEPT, STRICTER, EXAMPLE)
    assert (found.department, found.year) == ("乐山市金口河区发展和改革委员会", 2025)
    assert (str(found.old), str(found.new)) == ("98.94 优", "96.94 优")
    assert [(m.id, m.name, m.old, m.new) for m in found.moved] == [("A2.5", "严控一般性支出", Decimal(5), Decimal(3))]
    assert "超预算 0 项" in found.moved[0].explanation
    assert found.errors == 0


def test_a_grade_changes_and_no_item() -> None:
    found = effect(DEPT, replace(DEPT, grades=(GradeBand("优", Decimal(99)), *DEPT.grades[1:])), EXAMPLE)
    assert (str(found.old), str(found.new), found.moved) == ("98.94 优", "98.94 良", ())
    assert found.changes


def test_another_tree_altogether() -> None:
    """Items that one of the two does not have are named with no score on its side; of parents and children the
    children."""
    found = effect(DEPT, REGULATIONS["pidu-dept-40-50-10"], EXAMPLE)
    assert found.changes
    moved = {m.id: (m.old, m.new) for m in found.moved}
    assert moved["A5"][1] is None
    assert moved["P1"][0] is None
    assert not {"A", "A2", "B", "P"} & set(moved)


def test_what_a_tree_does_not_have_is_said_and_an_added_item_without_a_score_is_named(tmp_path: Path) -> None:
    """A4.4 is added, and nobody has declared a score for it; A5 is gone."""
    leaf = DEPT.item("A4.3")
    added = replace(leaf, id="A4.4", name="资产处置", max_points=Decimal(6))
    new = replace(DEPT, items=tuple(item for item in (*DEPT.items, added) if item.id != "A5"))
    found = effect(DEPT, new, EXAMPLE)
    text = describe(Answer("甲", "乙", (found,)))
    assert "A4.4 资产处置：没有这一项 → 没有得分" in text
    assert "A5 采购管理：6 → 没有这一项" in text
    assert [(m.id, m.added, m.removed) for m in found.moved] == [("A5", False, True), ("A4.4", True, False)]


def test_why_a_project_gets_no_total_is_said(tmp_path: Path) -> None:
    found = effect(PROJ, REGULATIONS["hubei-project-20-80"], project_workbook(tmp_path))
    assert [(p.name, str(p.old), str(p.new), p.reason) for p in found.projects] == [
        ("养护", "100 优", "未评分", "绩效指标权重合计 90，应为 80"),
        ("检测", "70 中", "未评分", "绩效指标权重合计 90，应为 80"),
    ]
    assert "项目“检测”：70 中 → 未评分（按新的指标体系不能计总分：绩效指标权重合计 90，应为 80）" in describe(
        Answer("甲", "乙", (found,))
    )


def test_reverting_changes_nothing() -> None:
    for regulation in (DEPT, STRICTER):
        found = effect(regulation, regulation, EXAMPLE)
        assert not found.changes
        assert (found.old == found.new, found.moved, found.projects) == (True, (), ())
    assert (
        describe(Answer(DEPT.id, DEPT.id, (effect(DEPT, DEPT, EXAMPLE),)))
        == "从 sichuan-dept-65-35 改为 sichuan-dept-65-35：重算了 1 份工作簿，没有一份的总分或等级会变。"
    )


def test_a_workbook_of_another_regulation_is_left_alone() -> None:
    other = REGULATIONS["pidu-dept-40-50-10"]
    found = effect(other, with_item(other, "P1", fallback=False), EXAMPLE)
    assert not found.changes
    assert "sichuan-dept-65-35" in found.reason


def indicator(project: str, name: str, target: str, actual: str, weight: str) -> Record:
    return {
        "subject": project, "level1": "产出指标", "level2": "数量指标", "name": name, "nature": "≤",
        "target": Decimal(target), "actual": Decimal(actual), "unit": "个", "weight": Decimal(weight),
        "deviation_reason": "说明",
    }  # fmt: skip


def project_workbook(tmp_path: Path, regulation_id: str = PROJ.id) -> Path:
    """Two projects: one within its ceiling, one half above it."""
    filling = Filling(
        basic={"department": "示例县交通局", "regulation": regulation_id},
        tables={
            "projects": [
                {
                    "name": name,
                    "type": "常年",
                    "initial_budget": Decimal(100),
                    "adjusted_budget": Decimal(100),
                    "executed": Decimal(100),
                }
                for name in ("养护", "检测")
            ],
            "indicators": [
                indicator("养护", "投诉数", "10", "10", "90"),
                indicator("检测", "投诉数", "10", "15", "90"),
            ],
        },
    )
    path = tmp_path / "交通局.xlsx"
    path.write_bytes(filled_template("项目支出", REGULATIONS, PROJ.id, 2025, filling))
    return path


def test_a_project_whose_indicator_counts_otherwise(tmp_path: Path) -> None:
    linear = replace(PROJ, indicators=replace(PROJ.indicators, at_most="linear"))
    found = effect(PROJ, linear, project_workbook(tmp_path))
    [change] = found.projects
    assert (change.name, str(change.old), str(change.new)) == (
        "检测",
        "70 中",
        "55 差",
    )  # 10 + 90 × 10 ÷ 15; 10 + 90 × (1 − 0.5)
    assert [(m.id, m.name, m.old, m.new) for m in change.moved if m.id.startswith("第")] == [
        ("第 6 行", "投诉数", Decimal(60), Decimal(45))
    ]
    text = describe(Answer(PROJ.id, PROJ.id, (found,)))
    assert "项目“检测”：70 中 → 55 差" in text
    assert "第 6 行 投诉数：60 → 45" in text
    assert "养护" not in text


def test_a_project_scheme_concerns_the_departments_that_use_it() -> None:
    """The example's projects are scored under the scheme its regulation names; its own total does not depend on it."""
    scheme = DEPT.project_regulation
    assert scheme is not None
    found = effect(scheme, with_item(scheme, "E", name="执行"), EXAMPLE)
    assert (found.reason, found.changes) == ("", False)


def test_errors_in_the_workbook_are_said(tmp_path: Path) -> None:
    found = effect(PROJ, with_item(PROJ, "E", max_points=Decimal(5)), project_workbook(tmp_path))
    published = EXAMPLE.with_name("示例_金口河发改_公开稿.xlsx")
    returned = effect(DEPT, STRICTER, published)
    assert found.changes
    assert returned.errors > 0
    assert f"现有 {returned.errors} 处错误" in describe(
        Answer("甲", "乙", (replace(returned, new=replace(returned.new, grade="另")),))
    )


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="不能比较"):
        what_if(Question(DEPT, PROJ, REGULATIONS), [EXAMPLE], 1)
    with pytest.raises(NothingToReadError):
        what_if(Question(DEPT, DEPT, REGULATIONS), [tmp_path], 1)


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK")
    (tmp_path / "好.xlsx").write_bytes(EXAMPLE.read_bytes())
    assert main(["regulation", "whatif", DEPT.id, "pidu-dept-40-50-10", str(tmp_path), "--json", "--jobs", "1"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert [c["file"] for c in answer["changed"]] == ["好.xlsx"]
    assert answer["changed"][0]["old"] == {"total": "98.94", "grade": "优", "not_scored": 0}
    assert [r["file"] for r in answer["rejected"]] == ["坏.xlsx"]
    assert main(["regulation", "whatif", DEPT.id, DEPT.id, str(EXAMPLE), "--json", "--jobs", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] == []


COUNTY = county()
RULES = load_regulations(FOLDER)


def county_effect(new: Regulation, case: str, root: Path) -> Effect:
    (root / "报送.xlsx").write_bytes(workbook(CASES[case]["sheets"]))
    return effect_on(Question(COUNTY, new, RULES), find([root / "报送.xlsx"])[0])


def test_a_cap_on_the_total_that_goes_or_comes(tmp_path: Path) -> None:
    """执行率 75 %: 92.57 and capped at 89."""
    found = county_effect(replace(COUNTY, caps=()), "算例2", tmp_path)
    sentence = "预算执行率 75.00% 不低于 70%、低于 80%，按规定不超过 89 分（条款待核）"
    assert [(m.id, m.name, m.old, m.new) for m in found.moved] == [
        ("总分", f"不再封顶（{sentence}）", Decimal(89), Decimal("92.57"))
    ]
    lower = tuple(replace(cap, at_most=cap.at_most - 9) for cap in COUNTY.caps)
    found = county_effect(replace(COUNTY, caps=lower), "算例2", tmp_path)
    assert [(m.id, m.old, m.new) for m in found.moved] == [("总分", Decimal(89), Decimal(80))]
    assert (
        "　　总分 封顶（预算执行率 75.00% 不低于 70%、低于 80%，按规定不超过 80 分（条款待核））：89 → 80"
        in describe(Answer("甲", "乙", (found,)))
    )


def test_a_cap_on_a_parent_is_a_cause_of_its_own(tmp_path: Path) -> None:
    cap = Cap("B", Decimal(20), "execution_rate", {"below": Decimal("0.99")}, COUNTY.provenance)
    found = county_effect(replace(COUNTY, caps=(*COUNTY.caps, cap)), "算例1", tmp_path)
    assert [(m.id, m.name, m.new) for m in found.moved] == [("B", "过程", Decimal(20))]
    assert "按规定不超过 20 分（条款待核）" in found.moved[0].explanation


def test_facts_criteria_and_inputs_that_change(tmp_path: Path) -> None:
    """A fact with another value for a divisor of 0, criteria with other points, an input that nobody was asked for."""
    twice = tuple(
        replace(fact, formula="2 * staff / posts", tree=parse("2 * staff / posts"))
        if fact.key == "staff_control_rate"
        else fact
        for fact in COUNTY.facts
    )
    found = county_effect(replace(COUNTY, facts=twice), "算例1", tmp_path)
    assert [(m.id, m.new) for m in found.moved] == [("A1", Decimal(0))]
    asked = Asked("visits", "接待批次", "count", "", False, "", COUNTY.provenance)
    of_item = COUNTY.item("A4")
    changed = ({**of_item.parameters["criteria"][0], "text": "新的要点"}, *of_item.parameters["criteria"][1:])
    new = with_item(
        replace(COUNTY, inputs=(*COUNTY.inputs, asked)), "A4", parameters={**of_item.parameters, "criteria": changed}
    )
    (tmp_path / "报送.xlsx").write_bytes(workbook(CASES["算例1"]["sheets"]))
    answer = what_if(Question(COUNTY, new, RULES), [tmp_path / "报送.xlsx"], 1)
    assert answer.lacking == "“接待批次”、A4 绩效指标明确性 的要点"
    assert [(m.id, m.new) for effect in answer.effects for m in effect.moved] == [("A4", None)]
    assert "另外要填：“接待批次”、A4 绩效指标明确性 的要点" in describe(answer)
