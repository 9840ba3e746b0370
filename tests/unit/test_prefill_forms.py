"""The eight official forms of tests/data/forms, each with what must come out of it."""

from pathlib import Path

import prefilled
import pytest


@pytest.mark.parametrize("name", prefilled.cases())
def test_what_must_come_out_of_an_official_form_comes_out(name: str, tmp_path: Path) -> None:
    case = prefilled.expected(name)
    sources = [prefilled.FORMS / file for file in case["files"]]
    before = [source.read_bytes() for source in sources]
    said = {key: value for key, value in vars_of(case["args"]).items() if value}
    opened = prefilled.read(tmp_path, *sources, **said)
    assert opened.outcome.kind == case["kind"]
    wrong = [
        (cell["sheet"], cell["where"], cell["column"], cell["value"], found)
        for cell in case["cells"]
        if not holds(cell, found := opened.values(cell["sheet"], cell["where"], cell["column"]))
    ]
    assert wrong == []
    filled = [
        (cell, found)
        for cell in case["blank"]
        if any(found := opened.values(cell["sheet"], cell["where"], cell["column"]))
    ]
    assert filled == []
    assert {sheet: opened.count(sheet) for sheet in case["rows"]} == case["rows"]
    assert [word for word in case["listed"] if not opened.asks(word)] == []
    assert [source.read_bytes() for source in sources] == before


def vars_of(arguments: list[str]) -> dict[str, object]:
    said = prefilled.wanted(arguments)
    return {key: getattr(said, key) for key in ("department", "year", "regulation", "kind")}


def holds(cell: dict[str, object], found: list[object]) -> bool:
    if cell.get("or_blank") and not any(found):
        return True
    return len(found) == 1 and prefilled.same(found[0], str(cell["value"]))
