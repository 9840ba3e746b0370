"""The habits of docs/开发/架构.md that a program can hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import places

from perfeval.model.project_types import PROJECT_TYPES
from perfeval.rules.library import library
from perfeval.rules.load import load_regulations


def name_of(path: Path) -> str:
    return path.relative_to(places.ROOT).as_posix()


LONGEST_LINE = 120
IDIOMS = re.compile(
    r"(?<![a-z])(un)?told(?![a-z])|\b(anew|nought|at need|be it|but for|left standing|take_in|stringing)\b|"
    r"\b(wh|h)ence\b|\b(where|there|here)(in|of|upon)\b|\b(lest|aloud|amid|unto|shall|whosoever|reckon\w*)\b",
    re.IGNORECASE,
)
# Names of a shipped scheme that are words of the form, of a fact or of the language as well.
WORDS_OF_ALL = {
    "绩效指标", "满意度", "预算执行率", "项目执行", "项目入库", "目标偏离", "目标完成", "结余率超过界限",
}  # fmt: skip
# A judge that others wrote; it lies here as it was handed over.
BY_OTHERS = {"tests/support/gongwen_check.py"}
FILES = [
    path
    for folder in ("perfeval", "tests", "bench")
    for path in sorted((places.ROOT / folder).rglob("*.py"))
    if name_of(path) not in BY_OTHERS
]


def test_lines_have_at_most_120_characters() -> None:
    """Characters, not display width. Tables too: one that is laid out by hand (`# fmt: skip`) is wrapped by hand."""
    long = [
        f"{name_of(path)}:{number}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


def test_english_is_plain() -> None:
    """Names, comments and docs do without old words: a finding is reported, not told; a file is written again, not
    anew."""
    pages = [*(places.ROOT / "docs" / "开发").glob("*.md"), places.ROOT / "CONTRIBUTING.md"]
    found = [
        f"{name_of(path)}:{number} {match[0]}"
        for path in (*FILES, *pages)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for match in IDIOMS.finditer(line)
    ]
    assert found == []


def texts_of(path: Path) -> Iterator[ast.Constant]:
    """The texts of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node


def test_no_part_of_a_scheme_is_named_in_python() -> None:
    """Items, what projects fall short of, sections of a report and types of projects are data: of the regulation, of
    regulations/common, of the form."""
    known = library()
    names = {item.name for regulation in load_regulations().values() for item in regulation.items}
    names |= {shortcoming.words for shortcoming in known.shortcomings.values()}
    names |= {known.outline.report, known.outline.projects, *PROJECT_TYPES}
    named = re.compile("|".join(map(re.escape, names - WORDS_OF_ALL)))
    found = [
        f"{name_of(path)}:{text.lineno} {match[0]}"
        for path in sorted((places.ROOT / "perfeval").rglob("*.py"))
        for text in texts_of(path)
        for match in named.finditer(text.value)
    ]
    assert found == []
