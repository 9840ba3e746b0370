"""The habits of docs/开发/架构.md that a program can hold."""

import re
from pathlib import Path

import places


def name_of(path: Path) -> str:
    return path.relative_to(places.ROOT).as_posix()


LONGEST_LINE = 120
IDIOMS = re.compile(
    r"(?<![a-z])(un)?told(?![a-z])|\b(anew|nought|at need|be it|but for|left standing|take_in|stringing)\b|"
    r"\b(wh|h)ence\b|\b(where|there|here)(in|of|upon)\b|\b(lest|aloud|amid|unto|shall|whosoever|reckon\w*)\b",
    re.IGNORECASE,
)
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
