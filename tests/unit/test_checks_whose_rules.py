"""Whose rules: what a regulation written for one place is called in the documents of another."""

from pathlib import Path

import pytest
from planting import at, news, plant, planted, regulations, taken_in

from perfeval.rules.citing import OWN_RULES, as_cited, is_elsewhere
from perfeval.rules.load import load_regulations

DOCUMENT = "《金口河区预算绩效评价指标体系》"
OUR_RULES = """
id = "our-dept-65-35"
extends = "sichuan-dept-65-35"
title = "青禾县部门整体绩效自评"
issuer = "青禾县财政局"
region = "青禾县"
clause = "待核"
confidence = "待核"
"""

# 行政区划, 部门名称 → whether the rules of 金口河区 are another place's
PLACES = [
    ("四川省乐山市金口河区", "乐山市金口河区发展和改革委员会", False),
    ("金口河区", "发展和改革局", False),
    ("四川省 乐山市 金口河区", "区发改局", False),
    (None, "乐山市金口河区教育局", False),
    ("某省某市青禾县", "青禾县教育局", True),
    ("四川省乐山市", "乐山市教育局", True),
    (None, "青禾县教育局", True),
    ("某省某市青禾县", "金口河区驻青禾县办事处", True),
]


@pytest.mark.parametrize(("region", "department", "elsewhere"), PLACES)
def test_a_department_elsewhere_is_asked_and_its_documents_cite_no_file_of_another_place(region, department, elsewhere):
    changes = {("基本情况", "行政区划"): region, ("基本情况", "部门名称"): department}
    basic = taken_in(planted(changes)).submission.basic
    regulation = regulations()["sichuan-dept-65-35"]
    assert is_elsewhere(regulation, basic) is elsewhere
    assert (DOCUMENT in repr(as_cited(regulation, basic))) is not elsewhere
    assert (OWN_RULES in repr(as_cited(regulation, basic))) is elsewhere
    reported = {("BASIC_007", at("基本情况", "指标体系"))}
    assert news(changes, ["BASIC"]) == (reported if elsewhere else set())


def test_the_question_names_both_places():
    changes = {("基本情况", "行政区划"): "某省某市青禾县", ("基本情况", "部门名称"): "青禾县教育局"}
    message = next(f.message for f in plant(changes) if f.code == "BASIC_007")
    assert "“金口河区”" in message
    assert "“某省某市青禾县”" in message


def test_rules_for_anywhere_are_cited_everywhere():
    basic = taken_in(planted({("基本情况", "行政区划"): "某省某市青禾县"})).submission.basic
    regulation = regulations()["cn-project-10-90"]
    assert as_cited(regulation, basic).provenance.clause == "财预〔2020〕10号"


def test_what_a_county_takes_from_another_s_rules_does_not_cite_the_other_s_file(tmp_path: Path):
    folder = tmp_path / "our-dept-65-35"
    folder.mkdir()
    (folder / "regulation.toml").write_text(OUR_RULES, encoding="utf-8")
    own = load_regulations(tmp_path)["our-dept-65-35"]
    assert DOCUMENT not in repr(own.items)
    assert own.items[0].max_points == regulations()["sichuan-dept-65-35"].items[0].max_points
