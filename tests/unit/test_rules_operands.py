"""Every scored item names the filed cells its numbers come from, and every document that prints its sentence prints the
clause with it."""

from decimal import Decimal
from io import BytesIO

import pytest
import report_packages as packages
from generated_packages import packages as generated
from openpyxl import load_workbook
from submissions import submission
from test_rules_engine import card, example

from perfeval.documents.result import result_of
from perfeval.documents.score_workbook import write_score_workbook
from perfeval.model.regulation import Confidence, Provenance
from perfeval.model.scorecard import Basis
from perfeval.rules.engine import score
from perfeval.rules.load import load_regulations

CN = load_regulations()["cn-project-10-90"]


def operands(items: list[dict], item_id: str) -> list[tuple[str, str, str | None]]:
    item = next(i for i in items if i["id"] == item_id)
    return [(o["name"], o["value"], o["cell"]) for o in item["operands"]]


def test_a_declared_item_names_the_cell_of_its_score() -> None:
    items = result_of(packages.package(packages.completed()), {})["items"]
    declared = {i["id"]: i for i in items if i["basis"] == "declared" and i["id"] != "A1"}
    assert len(declared) > 5
    for item_id, item in declared.items():
        [(name, value, cell)] = operands(items, item_id)
        assert (name, value) == ("自评得分", item["declared"])
        assert cell is not None
        assert cell.startswith("评分!F")


def test_the_item_that_takes_its_score_from_the_duties_names_theirs() -> None:
    items = result_of(packages.package(packages.completed()), {})["items"]
    [(name, _, cell)] = operands(items, "A1")
    assert name == "“履职”自评得分合计"
    assert cell is not None
    assert {place.partition("!")[0] for place in cell.split("、")} == {"履职"}


ROW = {
    "适用对象": "甲",
    "一级指标": "产出指标",
    "三级指标": "乙",
    "指标性质": "≥",
    "指标值": "3",
    "权重": "10",
    "实际完成值": "2",
}
PROJECT = {"项目名称": "甲", "项目类型": "常年", "年初预算数": "10", "调整后预算数": "10", "执行数": "9"}


def test_a_part_of_a_block_names_the_cells_it_was_computed_from() -> None:
    carried = {**ROW, "三级指标": "丙", "指标值": "18—54周岁", "实际完成值": "20—60周岁", "自评得分": "9"}
    result = score(submission({"项目": [PROJECT], "指标": [ROW, carried]}, "项目支出"), CN)
    block = result.item("I.1", "甲")
    assert block is not None
    found = [(o.name, o.value, [str(ref) for ref in o.cells]) for o in block.operands]
    assert found == [
        ("乙（由指标值、实际完成值、权重得出）", Decimal("6.67"), ["指标!F4", "指标!I4", "指标!H4"]),
        ("丙（由自评得分得出）", Decimal(9), ["指标!J5"]),
    ]


def test_a_count_of_no_project_names_the_cells_that_were_counted() -> None:
    result = card(example(项目=[{**project, "事前评估": "是"} for project in example()["项目"]])).item("B1.1")
    assert result is not None
    bad = next(o for o in result.operands if o.key == "bad")
    counted = next(o for o in result.operands if o.key == "counted")
    assert (bad.value, bad.cells) == (0, counted.cells)
    assert bad.cells


def test_where_no_project_counts_the_cells_that_say_so_are_named() -> None:
    unneeded = [{**project, "需要调整": "否", "已采取调整措施": ""} for project in example()["项目"]]
    result = card(example(项目=unneeded)).item("B2.2")
    assert result is not None
    assert [(o.key, bool(o.cells)) for o in result.operands] == [("max", False), ("counted", True), ("bad", True)]


def test_every_number_of_a_leaf_but_its_points_has_a_cell() -> None:
    for package in generated():
        assert package.scorecard is not None
        for item in (*package.scorecard.items, *(i for p in package.scorecard.projects for i in p.items)):
            scored = item.item.is_leaf and item.basis in (Basis.COMPUTED, Basis.DECLARED)
            assert all(o.cells for o in item.operands if o.key != "max"), item
            assert not scored or any(o.cells for o in item.operands), item


def test_the_sentence_is_with_its_clause_wherever_it_is_printed() -> None:
    package = packages.package(packages.completed())
    assert package.scorecard is not None
    book = load_workbook(BytesIO(write_score_workbook(package)))
    tree = [str(row[7].value) for row in book["总评分表"].iter_rows()]
    derivation = [str(row[3].value) for row in book["计算过程"].iter_rows()]
    for item in package.scorecard.items:
        reported = f"{item.explanation}（{item.item.provenance.words}）"
        assert reported in tree
        assert not item.operands or reported in derivation
    for indicator in package.scorecard.indicators:
        assert not indicator.operands or f"{indicator.explanation}（{indicator.provenance.words}）" in derivation


CITATIONS = [  # clause, confidence → what every document says of it
    ("某办法第八条", "已核", "根据某办法第八条"),
    ("某办法第八条", "推定", "参照某办法第八条推定"),
    ("某办法第八条", "待核", "条款待核"),
    ("待核", "推定", "推定，条款待核"),
    ("待核", "已核", "条款待核"),
]


@pytest.mark.parametrize(("clause", "confidence", "words"), CITATIONS)
def test_the_confidence_decides_the_words_of_a_citation(clause: str, confidence: str, words: str) -> None:
    assert Provenance(clause, Confidence(confidence)).words == words


def test_a_clause_that_nobody_knows_is_said_to_be_unknown() -> None:
    result = card(regulation=load_regulations()["pidu-dept-40-50-10"]).item("P1")
    assert result is not None
    assert result.sentence.endswith("分（条款待核）")
