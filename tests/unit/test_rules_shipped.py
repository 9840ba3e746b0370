"""What is shipped besides the default schemes: weights as they were read, what is not known said so, worked figures."""

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from own_data import with_own_data
from places import DATA
from rule_workbooks import filled, saved
from submissions import submission

from perfeval.documents.evaluation import Settings
from perfeval.model.regulation import Confidence, Regulation
from perfeval.rules.engine import score
from perfeval.rules.load import abstract_sources, load_regulations
from perfeval.run.pipeline import evaluate
from perfeval.schemes.describe import list_regulations

REGULATIONS, SOURCES = load_regulations(), abstract_sources()
DEPARTMENT, PROJECT = REGULATIONS["dazhou-dept-2017"], REGULATIONS["dazhou-project-2017"]
OURS = """
id = "我县"
extends = "yueyang-leaves"
title = "我县部门整体"
clause = "待核"
confidence = "待核"
project_regulation = "cn-project-10-90"
grades = [{ name = "合格", lower = 60, upper = 100 }, { name = "不合格", lower = 0, upper = 60 }]

[[add]]
id = "O"
name = "其余"
max_points = 78
method = "declared"
clause = "待核"
confidence = "待核"
"""


def weights(kind: str) -> list[tuple[str, str]]:
    with (DATA / "dazhou_2017_weights.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if kind in row["scheme"]]
    return [(row["leaf"].replace("(", "（").replace(")", "）"), row["points"]) for row in rows]


def test_the_weights_of_a_department_are_those_that_were_read() -> None:
    assert [(item.name, str(item.max_points)) for item in DEPARTMENT.leaves()] == weights("部门")
    assert [item.max_points for item in DEPARTMENT.children(None)] == [25, 30, 45]
    assert {item.method for item in DEPARTMENT.leaves()} == {"declared"}


def test_the_weights_of_a_project_are_those_that_were_read() -> None:
    read = weights("项目")
    judged = [(item.name, str(item.max_points)) for item in PROJECT.judged]
    assert judged == read[: len(judged)]
    rest = {name: Decimal(points) for name, points in read[len(judged) :]}
    (split,) = PROJECT.indicators.splits
    outcome = sum(points for name, points in rest.items() if name.startswith("完成"))
    named = {"产出指标": outcome, "效益指标": rest["效益（可选项）"], "满意度指标": rest["服务对象满意度"]}
    assert split.weights == named
    assert sum(named.values()) == PROJECT.indicators.weight_sum == 70


@pytest.mark.parametrize("regulation", [DEPARTMENT, PROJECT], ids=lambda one: one.id)
def test_a_cycle_that_is_over_and_says_what_is_not_known(regulation: Regulation) -> None:
    assert regulation.effective_to is not None
    assert (regulation.effective_to.year, regulation.region) == (2017, "达州市")
    assert [
        word for word in ("xxgk-show-16453", "读取日期", "没有见到", "待核") if word not in regulation.source_note
    ] == []
    assert {item.provenance.confidence for item in regulation.leaves()} <= {Confidence.UNCONFIRMED, Confidence.INFERRED}


def test_a_department_s_declared_scores_add_up() -> None:
    rows = [{"指标编号": i.id, "指标名称": i.name, "自评得分": str(i.max_points)} for i in DEPARTMENT.leaves()]
    rows[0]["自评得分"] = "3.5"
    card = score(submission({"评分": rows}), DEPARTMENT)
    assert (card.total, card.item("A").score, card.item("C").score) == (Decimal("98.50"), Decimal("23.50"), 45)


def test_what_a_project_answers_is_scored_by_the_points_that_were_read(tmp_path: Path) -> None:
    answers = [
        {"指标编号": item.id, "要点": item.parameters["criteria"][0]["text"], "是否符合": "是"}
        for item in PROJECT.judged
    ]
    answers[1] |= {"是否符合": "部分", "得分": 2}
    answers[-1] |= {"是否符合": "否"}
    sheets = {
        "基本情况": {"部门名称": "达州市示例局", "行政区划": "四川省达州市", "评价年度": 2017},
        "项目": [{"项目名称": "甲", "项目类型": "常年", "年初预算数": 10, "调整后预算数": 10, "执行数": 10}],
        "评分要点": answers,
    }
    path = saved(filled(PROJECT, REGULATIONS, sheets, 2017), tmp_path)
    card = evaluate(path, path.name, Settings(today=date(2018, 3, 1))).scorecard
    assert card is not None
    points = {item.item.id: str(item.score) for item in card.items if item.item.id in ("A", "A2", "B", "B3")}
    assert points == {"A": "17.00", "A2": "2.00", "B": "7.00", "B3": "0.00"}


FIGURES: list[tuple[Mapping[str, Any], Mapping[str, Any], str, str | None]] = [  # sheets, 补充数据 → leaf, points
    *(({"基本情况": {"行政编制人数": "100", "机关工勤编制人数": "0", "事业编制人数": "0", "年末实有人数": staff}}, {}, "Y1", points)
      for staff, points in (("99", "5"), ("100", "5"), ("101", "4.5"), ("109", "0.5"), ("110", "0"), ("120", "0"))),
    ({"基本情况": {"行政编制人数": "0", "机关工勤编制人数": "0", "事业编制人数": "0", "年末实有人数": "5"}}, {}, "Y1", None),
    *(({"收支": {"项目支出": {"调整后预算数": "100"}}}, {"key_spending": spent}, "Y2", points)
      for spent, points in (("90", "5"), ("89.99", "4"), ("80", "4"), ("79.99", "3"), ("70", "3"), ("69.99", "2"),
                            ("60", "2"), ("59.99", "0"), ("", None))),
    ({"收支": {"项目支出": {"调整后预算数": "0"}}}, {"key_spending": "5"}, "Y2", None),
    *(({}, {"late_allocations": late}, "Y3", points)
      for late, points in (("0", "3"), ("1", "2.5"), ("5", "0.5"), ("6", "0"), ("7", "0"), ("", None))),
    *(({"控制支出": [{"支出名称": "甲", "本年预算数": "100", "本年执行数": now}]}, {}, "Y4", points)
      for now, points in (("99.99", "6"), ("100", "6"), ("100.99", "6"), ("101", "5"), ("106", "0"), ("", None))),
]  # fmt: skip


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Regulation:
    folder = tmp_path_factory.mktemp("我县")
    (folder / "regulation.toml").write_text(OURS, encoding="utf-8")
    return load_regulations(folder)["我县"]


@pytest.mark.parametrize(("sheets", "data", "leaf", "points"), FIGURES)
def test_worked_figures_of_the_leaves_to_extend(
    ours: Regulation, sheets: Mapping[str, Any], data: Mapping[str, Any], leaf: str, points: str | None
) -> None:
    found = score(with_own_data(sheets, "部门整体", data), ours).item(leaf)
    assert found is not None
    assert found.score == (None if points is None else Decimal(points))


FRAMES = {  # id → 一级, 三级 and how many of them
    "frame-2013-53-dept": (["投入", "过程", "产出", "效果"], 28),
    "frame-2013-53-project": (["投入", "过程", "产出", "效果"], 20),
    "frame-2020-10-project": (["决策", "过程", "产出", "效益"], 17),
}


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_is_names_and_no_points(frame: str) -> None:
    items = SOURCES[frame]["items"]
    parents = {item.get("parent") for item in items}
    tops, count = FRAMES[frame]
    assert [item["name"] for item in items if "parent" not in item] == tops
    assert len([item for item in items if item["id"] not in parents]) == count
    assert not any(key in item for item in items for key in ("max_points", "method"))
    assert {item.get("confidence", "待核") for item in items} == {"待核"}


def test_the_list_counts_what_is_confirmed() -> None:
    lines = list_regulations(REGULATIONS, SOURCES).splitlines()
    listed = {line.split("\t")[0]: line for line in lines}
    assert "31 项指标：已核 0 项、推定 3 项、待核 28 项" in listed["dazhou-dept-2017"]
    assert "5 项指标：已核 0 项、推定 0 项、待核 5 项" in listed["yueyang-leaves"]
    assert {*REGULATIONS, *FRAMES, "yueyang-leaves"} <= set(listed)
    assert "common" not in listed
