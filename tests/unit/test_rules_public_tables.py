"""The thirty public tables, computed: execution and every clear indicator by the rule; where the page says otherwise,
both are side by side and it is reported."""

import pytest
from public_tables import FIRST, clear_score, public_tables
from public_tables_report import PAGE, evaluated, executions, indicators, page, totals

TABLES = pytest.mark.parametrize("table", public_tables(), ids=lambda table: table.id)


@TABLES
def test_the_execution_score_follows_from_the_amounts_of_the_page(table):
    card, _ = evaluated(table)
    computed = next((s.score for s in card.items if s.item.name == "预算执行率"), None)
    assert computed == table.execution_points


@TABLES
def test_every_clear_indicator_scores_as_the_rule_says(table):
    card, _ = evaluated(table)
    scores = {score.indicator.row: score.score for score in card.indicators}
    for row, facts in enumerate(table.facts["indicators"], FIRST):
        expected = clear_score(facts)
        assert expected is None or scores[row] == expected, facts


def test_there_are_thirty_tables_and_many_clear_indicators():
    clear = [row for table in public_tables() for row in table.facts["indicators"] if clear_score(row) is not None]
    assert len(public_tables()) == 30
    assert len(clear) > 40


def test_every_difference_between_page_and_rule_is_a_finding_with_both_figures():
    differing = [(line, score) for line, score in indicators() if line.computed is not None and line.differs]
    assert len(differing) > 20
    for line, score in differing:
        assert line.finding, (line.table.id, line.name)
        assert score.indicator.declared.value == line.page


def test_every_difference_of_an_execution_score_is_a_finding():
    differing = [line for line in executions() if line.differs]
    assert {line.table.id for line in differing} == {"002", "010", "024", "025", "030", "036"}
    assert all(line.finding for line in differing)
    for line in executions():
        card, _ = evaluated(line.table)
        assert line.page is None or line.computed is None or card.items[0].declared.value == line.page


def test_every_total_that_differs_is_reported():
    stated = [line for line in totals() if line.page is not None and line.computed is not None]
    assert [(line.table.id, line.page == line.computed, line.finding) for line in stated] == [("004", True, False)]


def test_every_difference_has_its_reason_and_agreement_none():
    for line in (*executions(), *(line for line, _ in indicators() if line.computed is not None)):
        if line.differs:
            assert line.why


def test_the_page_in_the_docs_is_what_the_tables_give():
    assert PAGE.read_text(encoding="utf-8") == page()
