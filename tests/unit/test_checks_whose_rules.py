"""Whose rules: what a regulation written for one place is called in the documents of another."""

from dataclasses import replace
from pathlib import Path

import pytest
from planting import at, context_of, news, plant, planted, regulations, taken_in

from perfeval.checks.basic import document_unconfirmed
from perfeval.model.regulation import UNKNOWN, Confidence
from perfeval.rules.citing import OWN_RULES, Citations, is_elsewhere, scheme_citation, scheme_name
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
    ("四川省", "教育厅", True),
    ("金口河区", "某省某市金口河区教育局", False),
    ("\u200b四川省乐山市金\u200b口河区", "教育局", False),
    ("\u200b", "青禾县教育局", True),
]


@pytest.mark.parametrize(("region", "department", "elsewhere"), PLACES)
def test_a_department_elsewhere_is_asked_and_its_documents_cite_no_file_of_another_place(region, department, elsewhere):
    changes = {("基本情况", "行政区划"): region, ("基本情况", "部门名称"): department}
    basic = taken_in(planted(changes)).submission.basic
    regulation = regulations()["sichuan-dept-65-35"]
    assert is_elsewhere(regulation, basic) is elsewhere
    cited = Citations().of(regulation, basic)
    assert DOCUMENT not in repr(cited)  # nobody has read it, so it is not cited in its own region either
    assert OWN_RULES in repr(cited)
    assert bool(cited.issuer) is not elsewhere
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
    assert Citations().of(regulation, basic).provenance.clause == "财预〔2020〕10号"


# 行政区划, the document's and the item's confidence → whether the document, the item cite it by name
CITED = [
    ("某省青禾县", "已核", "已核", True, True),
    ("青禾县", "已核", "推定", True, False),
    ("青禾县", "推定", "已核", False, False),
    ("青禾县", "待核", "待核", False, False),
    ("某省新禾县", "已核", "已核", False, False),
    ("某省青禾", "已核", "已核", False, False),
    ("某省", "已核", "已核", False, False),
    (None, "已核", "已核", False, False),
]
READ = """
id = "our-rules"
extends = "sichuan-dept-65-35"
title = "《青禾县办法》的指标体系"
region = "青禾县"
document = "《青禾县办法》"
document_number = "青财〔2025〕1号"
clause = "《青禾县办法》"
confidence = "{document}"

[replace."A2.4"]
clause = "《青禾县办法》第四条"
confidence = "{item}"
remark = "按青禾县办法第四条"
"""


@pytest.mark.parametrize(("place", "document", "item", "is_named", "names_clause"), CITED)
def test_a_document_is_cited_where_it_holds_and_was_read(place, document, item, is_named, names_clause, tmp_path):
    (tmp_path / "regulation.toml").write_text(READ.format(document=document, item=item), encoding="utf-8")
    regulation = load_regulations(tmp_path)["our-rules"]
    basic = taken_in(planted({("基本情况", "行政区划"): place, ("基本情况", "部门名称"): "教育局"})).submission.basic
    cited = Citations().of(regulation, basic)
    assert scheme_name(cited) == cited.document == ("《青禾县办法》" if is_named else OWN_RULES)
    assert ("青禾县办法" in cited.item("A2.4").provenance.clause) is names_clause
    assert is_named or "青禾县办法" not in repr(cited)


@pytest.mark.parametrize(("place", "document", "item", "is_named", "names_clause"), CITED)
def test_an_article_comes_with_the_name_of_its_document(place, document, item, is_named, names_clause, tmp_path):
    text = READ.format(document=document, item=item).replace('clause = "《青禾县办法》第四条"', 'clause = "第四条"')
    (tmp_path / "regulation.toml").write_text(text, encoding="utf-8")
    basic = taken_in(planted({("基本情况", "行政区划"): place, ("基本情况", "部门名称"): "教育局"})).submission.basic
    clause = Citations().of(load_regulations(tmp_path)["our-rules"], basic).item("A2.4").provenance.clause
    assert clause == f"{'《青禾县办法》' if names_clause else OWN_RULES}第四条"


SCHEMES = [  # confidence of the document, of its leaves → how a report begins
    ("已核", "已核", "根据《青禾县办法》"),
    ("已核", "待核", "根据《青禾县办法》（其中22项指标的评分规则待核）"),
    ("推定", "推定", f"参照{OWN_RULES}推定的评分规则"),
    ("待核", "待核", f"按照{OWN_RULES}（评分规则待核）"),
]


@pytest.mark.parametrize(("document", "item", "words"), SCHEMES)
def test_the_confidence_decides_how_a_report_begins(document, item, words, tmp_path):
    (tmp_path / "regulation.toml").write_text(READ.format(document=document, item=item), encoding="utf-8")
    basic = taken_in(planted({("基本情况", "行政区划"): "青禾县"})).submission.basic
    cited = Citations().of(load_regulations(tmp_path)["our-rules"], basic)
    leaves = tuple(replace(i, provenance=replace(i.provenance, confidence=Confidence(item))) for i in cited.items)
    assert scheme_citation(replace(cited, items=leaves)) == words


def test_a_document_nobody_has_read_is_asked_about(tmp_path):
    (tmp_path / "regulation.toml").write_text(READ.format(document="待核", item="待核"), encoding="utf-8")
    changes = {("基本情况", "行政区划"): "青禾县", ("基本情况", "指标体系"): "our-rules"}
    submission = taken_in(planted(changes)).submission
    context = replace(context_of(submission), regulations=load_regulations(tmp_path))
    assert [f.code for f in document_unconfirmed(context)] == ["BASIC_008"]
    confirmed = {i: replace(r, document="") for i, r in context.regulations.items()}
    assert list(document_unconfirmed(replace(context, regulations=confirmed))) == []


def test_what_is_taken_from_elsewhere_is_no_rule_of_the_new_document(tmp_path):
    (tmp_path / "regulation.toml").write_text(READ.format(document="已核", item="已核"), encoding="utf-8")
    own = load_regulations(tmp_path)["our-rules"]
    assert own.item("A2.4").provenance.confidence == "已核"
    assert {i.provenance for i in own.items if i.id != "A2.4"} == {UNKNOWN}
    assert (own.issuer, own.effective_from, own.source_note) == ("", None, "")


def test_what_a_county_takes_from_another_s_rules_does_not_cite_the_other_s_file(tmp_path: Path):
    folder = tmp_path / "our-dept-65-35"
    folder.mkdir()
    (folder / "regulation.toml").write_text(OUR_RULES, encoding="utf-8")
    own = load_regulations(tmp_path)["our-dept-65-35"]
    assert DOCUMENT not in repr(own.items)
    assert own.items[0].max_points == regulations()["sichuan-dept-65-35"].items[0].max_points
