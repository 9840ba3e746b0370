"""The declaration of the form in code and the table in docs/开发/填报表.md, its public interface, say the same."""

import re

import pytest
from places import ROOT

from perfeval.filing.sheets import CHANGES
from perfeval.model.form import CHAPTERS, FORM, Need, Shape

PAGE = (ROOT / "docs" / "开发" / "填报表.md").read_text(encoding="utf-8")
TABLE = PAGE.split("| sheet | shape |", 1)[1].split("\n\n", 1)[0]
ROWS = {
    cells[0]: cells[1:]
    for line in TABLE.splitlines()[2:]
    if (cells := [cell.strip() for cell in line.strip("|").split("|")])
}


def names(words: str) -> list[str]:
    """The names in a list, without the remarks in brackets."""
    return [re.sub(r"\s*\(.*?\)", "", name).strip() for name in re.split(r",(?![^(]*\))", words)]


def test_the_sheets_are_those_of_the_table_in_its_order():
    assert [sheet.name for sheet in FORM] == list(ROWS)


@pytest.mark.parametrize("sheet", [sheet for sheet in FORM if sheet.shape is Shape.TABLE], ids=lambda sheet: sheet.name)
def test_the_columns_of_a_table(sheet):
    words = ROWS[sheet.name][1].split(". 章节 from")[0]
    assert [field.label for field in sheet.fields if not field.added] == names(words)


def test_the_columns_added_since_are_listed():
    added = {
        f"| {one.added} | {sheet.name} | {one.label} |"
        for sheet in FORM
        for one in (*sheet.fields, *sheet.rows)
        if one.added
    }
    listed = [line for line in PAGE.splitlines() if re.match(r"\| \d", line)]
    assert set(listed) == added
    assert len(listed) == len(added)


def test_columns_and_rows_added_since_may_be_missing_or_blank_and_columns_stand_last():
    for sheet in FORM:
        added = [field for field in sheet.fields if field.added]
        if sheet.shape is Shape.TABLE:
            assert list(sheet.fields[len(sheet.fields) - len(added) :]) == added, sheet.name
        assert all(one.label in CHANGES[one.added] for one in (*added, *sheet.rows) if one.added)
        assert all(field.need is Need.OPTIONAL for field in added)
        assert all(row.optional for row in sheet.rows if row.added)


@pytest.mark.parametrize("sheet", [sheet for sheet in FORM if sheet.shape is Shape.GRID], ids=lambda sheet: sheet.name)
def test_the_rows_and_columns_of_a_grid(sheet):
    shape, words = ROWS[sheet.name]
    headers = [header.strip() for header in shape.split(":")[1].split("/")]
    labels = re.sub(r"\(these two:.*?column\)", "", words)
    assert [sheet.label_header, *(field.label for field in sheet.fields)] == headers
    assert [row.label for row in sheet.rows if not row.added] == names(labels)


def test_the_labels_of_the_basic_sheet():
    basic = FORM[1]
    assert [field.label for field in basic.fields if not field.added] == names(ROWS[basic.name][1])


def test_the_chapters_of_the_report_texts():
    listed = ROWS["报告文字"][1].split("from a fixed list:")[1]
    assert [chapter.strip() for chapter in listed.split(",")] == list(CHAPTERS)
