"""What a finding prints, word for word: the figures, the names and the cells in its sentences, for every error the
other tests plant. A changed wording is a changed golden file, to be reviewed."""

from collections.abc import Iterator

import test_checks_basic as basic
import test_checks_cut as cut
import test_checks_duty as duty
import test_checks_indicator as indicator
import test_checks_money as money
import test_checks_project as project
import test_checks_score as score
import test_checks_text as text
from places import GOLDEN
from planting import Changes, at, news, plant

from perfeval.documents.result import finding_json
from perfeval.findings.catalogue import catalogue
from perfeval.findings.render import message

PRINTED = GOLDEN / "核对用语.txt"
TOPICS = ("BASIC", "MONEY", "CUT", "PROJECT", "INDICATOR", "SCORE", "DUTY", "TEXT")


MORE_FUNDS = {("其他资金收入", money.INITIAL): 10, ("收入合计", money.INITIAL): 500.66}  # no source for 10 of them
OTHERS: list[Changes] = [
    {("履职数据", duty.REST, "完成率"): "60%"},
    {(indicator.S, indicator.SHOPS, indicator.WEIGHT): 4},
    {(indicator.S, name, indicator.SUBJECT): "部门整休" for name in (indicator.SHOPS, indicator.COVERAGE)},
    {
        (indicator.S, indicator.SHOPS, indicator.TARGET): "10户",
        (indicator.S, indicator.SHOPS, indicator.ACTUAL): "12人",
        (indicator.S, indicator.SHOPS, indicator.UNIT): None,
    },
    {
        (indicator.S, name, column): "效益指标"
        for name in ("群众满意度", indicator.CONSUMERS)
        for column in (indicator.L1, indicator.L2)
    },
    {(money.S, row, money.ADJUSTED): None for row in money.FULL_ROWS},
    {("基本情况", "行政区划"): "某省某市青禾县", ("基本情况", "部门名称"): "青禾县教育局"},
    {(money.S, row, column): value for (row, column), value in {**money.WITH_UNIT_FUNDS, **MORE_FUNDS}.items()},
    {"支出进度!A5": 6, "支出进度!B5": 244.97},
    {"支出进度!B5": -1},
    {(project.S, project.PROJECT, project.NAME): "伙食团 运行费"},
    {at(*score.score_cell("采购管理", column)): None for column in score.SCORE_COLUMNS},
]
# what the reader's own tests, tests with another workbook or with another regulation print
ELSEWHERE = {
    "BASIC_005", "BASIC_008", "INDICATOR_019", "INDICATOR_028", "INDICATOR_030", "MONEY_012", "PROJECT_011",
    "PROJECT_012", "PROJECT_013", "PROJECT_014", "PROJECT_015", "PROJECT_016", "PROJECT_017", "PROJECT_018",
    "PROJECT_019", "PROJECT_020", "PROJECT_021",
    "SCORE_014", "SCORE_015", "SCORE_016", "SCORE_017", "SCORE_018", "SCORE_019",
    "SCORE_020", "SCORE_021",
}  # fmt: skip


def planted() -> Iterator[Changes]:
    yield from OTHERS
    yield from ({(basic.SHEET, label): value} for label, value, _ in basic.PLANTED)
    yield from ({(money.S, *place): value for place, value in changes.items()} for changes, *_ in money.PLANTED)
    yield from ({place: value} for place, value, _ in cut.PLANTED)
    for changes, *_ in project.PLANTED:
        yield {(project.S, project.PROJECT, column): value for column, value in changes.items()}
    for name, changes, *_ in indicator.PLANTED:
        yield {(indicator.S, name, column): value for column, value in changes.items()}
    for room in (score, duty, text):
        yield from (changes for _, changes, _ in room.PLANTED)


def printed() -> str:
    """Each sentence once, in the order of the codes; first those of the example itself."""
    sentences = {f.code: {message(finding_json(f))} for f in plant({}) if f.code.startswith(TOPICS)}
    for changes in planted():
        new = news(changes, TOPICS)
        for finding in plant(changes):
            if (finding.code, str(finding.ref)) in new:
                sentences.setdefault(finding.code, set()).add(message(finding_json(finding)))
    return "".join(f"{one}\n" for code in sorted(sentences) for one in sorted(sentences[code]))


def test_every_sentence_is_as_it_was_reviewed() -> None:
    assert printed() == PRINTED.read_text(encoding="utf-8")


def test_no_sentence_keeps_a_placeholder() -> None:
    for line in PRINTED.read_text(encoding="utf-8").splitlines():
        assert not any(mark in line for mark in ("{", "}", "None", "Decimal", "“”")), line


def test_the_reviewed_sentences_are_of_every_code() -> None:
    reviewed = PRINTED.read_text(encoding="utf-8")
    assert {code for code in catalogue() if code.startswith(TOPICS) and f" {code} " not in reviewed} == ELSEWHERE


if __name__ == "__main__":
    PRINTED.write_text(printed(), encoding="utf-8", newline="\n")
