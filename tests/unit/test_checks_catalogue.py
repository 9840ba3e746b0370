"""Catalogue, checks and tests hold the same codes; every entry reads as a sentence an official understands without
help."""

import ast
import inspect
import re

import pytest
from places import ROOT

from perfeval.findings.catalogue import catalogue, make

CODE = re.compile(r"\b(?:BASIC|MONEY|CUT|PROJECT|INDICATOR|SCORE|DUTY|TEXT|SIGNAL|PREVIOUS|MAGNITUDE)_\d{3}\b")
PROGRAM_WORDS = re.compile(r"[Nn]one|null|NaN|True|False|Decimal|TOML|bool|[a-z]+_[a-z]+")
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
ENTRIES = [entry for code, entry in catalogue().items() if CODE.fullmatch(code)]


def codes_in(folder: str, pattern: str) -> set[str]:
    return {code for file in (ROOT / folder).rglob(pattern) for code in CODE.findall(file.read_text(encoding="utf-8"))}


def test_every_code_is_raised_by_a_check_and_planted_by_a_test():
    codes = {entry.code for entry in ENTRIES}
    assert codes == codes_in("perfeval/checks", "*.py")
    assert codes == codes_in("tests", "test_checks_*.py")


def test_codes_are_numbered_without_gaps():
    topics: dict[str, list[int]] = {}
    for entry in ENTRIES:
        topic, number = entry.code.split("_")
        topics.setdefault(topic, []).append(int(number))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in topics.values()), topics


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_an_entry_has_no_program_words_and_ends_its_sentences(entry):
    for text in (entry.title, entry.message, entry.fix, entry.meaning, entry.example):
        plain = PLACEHOLDER.sub("", text)
        assert not PROGRAM_WORDS.search(plain), plain
    for text in (entry.message, entry.meaning, entry.example):
        assert re.search(r"[。？}”]$", text), text
    assert re.search(r"[。}]$", entry.fix), entry.fix


OWN = set(inspect.signature(make).parameters)
MODULES = sorted((ROOT / "perfeval").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_word_that_a_finding_is_given_has_its_place_in_the_entry(path):
    """`answered=` instead of `answer=` would leave a question open, and nobody would know."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    for call in calls:
        if ast.unparse(call.func) == "make" and call.args and isinstance(call.args[0], ast.Constant):
            entry = catalogue()[call.args[0].value]
            given = {keyword.arg for keyword in call.keywords if keyword.arg}
            assert given <= OWN | entry.names, (entry.code, call.lineno)
