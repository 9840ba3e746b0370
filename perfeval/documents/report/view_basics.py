"""Chapters 一 and 二 of the report: what the department is, what came in and went out."""

from typing import Any

from perfeval.documents.report.view_figures import Figures
from perfeval.documents.report.view_words import has_marker, joined, lines, listed, one_line, said, without_marker
from perfeval.model.cells import Cell
from perfeval.model.form import MONEY, SOURCE
from perfeval.model.numbers import show_sum
from perfeval.model.scorecard import Scorecard
from perfeval.model.submission import Basic, Function, MoneyRow, Submission

LABELS = {row.key: row.label for row in MONEY.rows}
INCOME = ("appropriation", "opening_carryover", "unit_funds", "other_funds")
KINDS_OF_SPENDING = ("basic_expenditure", "project_expenditure")
SOURCES_OF_SPENDING = (
    "spent_from_appropriation",
    "spent_from_carryover",
    "spent_from_unit_funds",
    "spent_from_other_funds",
)
SOURCE_PART = "来源"
WHERE_ANY = ("unit_funds", "other_funds", *SOURCES_OF_SPENDING[2:])  # named only where there is any


def basics(submission: Submission, figures: Figures) -> dict[str, Any]:
    """机构组成, 机构职能, 人员概况."""
    basic = submission.basic
    return {
        "机构性质": said(basic.nature),
        "机构规格": said(basic.rank),
        "加挂牌子": listed(basic.plates),
        "内设机构": listed(basic.offices),
        "机构职能": functions(submission.functions),
        "编制": posts(basic, figures),
        "年末实有人数": figures.count(basic.staff) if basic.staff.is_read else "",
    }


def functions(rows: tuple[Function, ...]) -> list[str]:
    """The functions numbered 1. 2. 3.; a row without a number of its own goes on with the one before."""
    texts: list[str] = []
    count = 0
    for row in rows:
        for position, line in enumerate(lines(row.content.value)):
            own_number = (row.number.value and position == 0) or has_marker(line)
            count += 1 if own_number else 0
            texts.append(f"{count}. {without_marker(line)}" if own_number else line)
    return texts


def posts(basic: Basic, figures: Figures) -> str:
    """行政编制8名，机关工勤编制1名，事业编制7名: those that were filed; '' for none."""
    kinds = (
        ("行政编制", basic.administrative_posts),
        ("机关工勤编制", basic.worker_posts),
        ("事业编制", basic.institution_posts),
    )
    return joined(f"{name}{figures.count(cell)}名" for name, cell in kinds if cell.is_read)


def money(submission: Submission, scorecard: Scorecard, figures: Figures) -> dict[str, Any]:
    """收入, 支出, 结余 at the start of the year, adjusted, and in the accounts."""
    filed = submission.money
    return {
        "收入": _times("income_total", {"构成": INCOME}, submission, figures),
        "支出": _times(
            "expenditure_total", {"构成": KINDS_OF_SPENDING, SOURCE_PART: SOURCES_OF_SPENDING}, submission, figures
        ),
        "年末结转结余": figures.amount(filed.closing_carryover.final),
        "收回或注销数": figures.amount(filed.taken_back.final) if filed.taken_back.final.value else "",
        "预算执行率": figures.measure(scorecard.measure("预算执行率")),
        "预算调整率": figures.measure(scorecard.measure("调整率")),
        "结余率": figures.measure(scorecard.measure("结余率")),
        "收支说明": money_notes(submission),
    }


def _times(
    total_key: str, parts: dict[str, tuple[str, ...]], submission: Submission, figures: Figures
) -> dict[str, str]:
    values: dict[str, str] = {}
    for time, column in (("年初", "initial"), ("调整后", "adjusted"), ("决算", "final")):
        values[f"{time}合计"] = figures.amount(_cell(submission, total_key, column))
        for name, keys in parts.items():
            named = [_part(submission, key, column, figures) for key in keys]
            values[f"{time}{name}"] = joined(
                named if name != SOURCE_PART else [*named, _elsewhere(submission, column, figures)]
            )
    return values


def _elsewhere(submission: Submission, column: str, figures: Figures) -> str:
    """What an older workbook could not name, so that the sources of the sentence come to its total."""
    rest = submission.money.spent_from_elsewhere(column)
    return f"其他来源{figures.computed(rest, show_sum, '支出合计减已列明的来源')}万元" if rest else ""


def _part(submission: Submission, key: str, column: str, figures: Figures) -> str:
    cell = _cell(submission, key, column)
    if key in WHERE_ANY and not cell.value:
        return ""
    return f"{LABELS[key].removeprefix(SOURCE)}{figures.amount(cell)}万元"


def _cell(submission: Submission, key: str, column: str) -> Cell[Any]:
    row: MoneyRow = getattr(submission.money, key)
    cell: Cell[Any] = getattr(row, column)
    return cell


def money_notes(submission: Submission) -> str:
    """What the department wrote beside the figures of 收支, row by row; '' for nothing."""
    notes = ((label, one_line(getattr(submission.money, key).note.value)) for key, label in LABELS.items())
    return "；".join(
        f"{label.replace('：', '（') + '）' if '：' in label else label}：{note}" for label, note in notes if note
    )
