"""The catalogue of findings: one entry a code, kept as data in `catalogue/<TOPIC>.toml`.

An entry has: severity, title, message and fix (templates over the names given to `make`), meaning (why it is asked),
example. Codes are `TOPIC_NNN`.
"""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import Cell, CellRef, ranges
from perfeval.model.names import odd_characters

LOST = "\ufffd"  # what a character becomes that could not be converted
QUOTE_LIMIT = 60  # characters of a cell quoted in a message; the cell itself is marked anyway


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue says of a code."""

    code: str
    severity: Severity
    title: str
    message: str
    fix: str
    meaning: str
    example: str

    @property
    def names(self) -> frozenset[str]:
        """What is put into its message and its fix."""
        return _names(self.message) | _names(self.fix)


@cache
def _names(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every entry by code, in the order of the files' names. Raises KeyError or ValueError where an entry is
    incomplete."""
    entries: dict[str, Entry] = {}
    folder = files("perfeval.findings") / "catalogue"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            for code, raw in tomllib.loads(file.read_text(encoding="utf-8")).items():
                entries[code] = Entry(
                    code=code,
                    severity=Severity(raw["severity"]),
                    title=raw["title"],
                    message=raw["message"],
                    fix=raw["fix"],
                    meaning=raw["meaning"].strip(),
                    example=raw["example"].strip(),
                )
    return entries


def quote(text: str) -> str:
    """A cell's text as a message quotes it: one line, cut where it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTE_LIMIT else flat[: QUOTE_LIMIT - 1] + "…"


def _odd(text: str, severity: Severity) -> str:
    """What is in a cell that nobody can print: it may be why the finding was raised."""
    if severity is Severity.NOTICE or (text.isprintable() and LOST not in text):
        return ""
    return odd_characters(text)


def _uncounted(cell: Cell[Any]) -> str:
    """What is said of a cell in which something is that counts for nothing: 同上 as a reason, / as a number."""
    if not cell.raw or not cell.is_blank:
        return ""
    return f"“{quote(cell.raw)}”{cell.flaw}，不算{cell.label}。" if cell.flaw else f"“{quote(cell.raw)}”等于没有填。"


def make(
    code: str,
    place: Cell[Any] | CellRef | None,
    *,
    expected: str = "",
    found: str | None = None,
    label: str | None = None,
    clause: str = "",
    answer: Cell[Any] | None = None,
    related: tuple[CellRef, ...] = (),
    alike: tuple[CellRef, ...] = (),
    severity: Severity | None = None,
    **words: object,
) -> Finding:
    """The finding `code` at `place`, worded from the catalogue.

    `found` defaults to the cell's own text, `label` to the cell's label. The templates may use {found}, {expected},
    {label}, {cell}, {sheet} and every name in `words`. A blank found reads “空白” in sentences. `severity` overrides the
    entry's, for a check that states two. `answer` is the cell whose words close a question; what is there and says
    nothing is named. `alike` are further cells of which the same is true: they are listed, and marked too. Who words a
    whole family of codes may bring more words than one of them uses.
    """
    entry = catalogue()[code]
    ref = place.ref if isinstance(place, Cell) else place
    text = found if found is not None else (place.raw if isinstance(place, Cell) else "")
    name = label if label is not None else (place.label if isinstance(place, Cell) else "")
    names = {
        **words,
        "found": quote(text) or "空白",
        "expected": expected,
        "label": name,
        "cell": ref.address if ref else "",
        "sheet": ref.sheet if ref else "",
    }
    return Finding(
        code=code,
        severity=severity or entry.severity,
        ref=ref,
        label=name,
        found=text,
        expected=expected,
        message=entry.message.format(**names)
        + "".join(_uncounted(cell) for cell in dict.fromkeys((place, answer)) if isinstance(cell, Cell))
        + (f"共 {len(alike) + 1} 格：{ranges((ref, *alike))}。" if ref and alike else "")
        + _odd(text, severity or entry.severity),
        fix=entry.fix.format(**names),
        clause=clause,
        answer=str(answer.value or "") if answer else "",
        related=(*alike, *related),
    )
