"""The sheets 补充数据, 算式, 封顶 and 报告各节 into a draft: what a regulation asks for, draws, limits and reports by
itself."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from perfeval.rules.caps import TOTAL
from perfeval.rules.read_facts import NOT_SUPPLIED
from perfeval.schemes.words import BOUND_WORDS, FLAG_WORDS, KIND_WORDS
from perfeval.schemes.workbook.draft import Cells, Draft, Raw, back, word
from perfeval.schemes.workbook.sheets import NO_DATA, WHOLE_SCORE

BETWEEN = re.compile(r"[、，,；;\s]+")
INPUT_WORDS: Mapping[str, Mapping[str, Any]] = {"kind": back(KIND_WORDS), "required": back(FLAG_WORDS)}
FACT_WORDS: Mapping[str, Mapping[str, Any]] = {
    "kind": back(KIND_WORDS),
    "when_divisor_negative": {NO_DATA: NOT_SUPPLIED},
}


def read_own_data(made: Draft) -> None:
    """Inputs and facts: the names that everything else may use."""
    made.raw["inputs"] = [_put(made, raw, where, cells, INPUT_WORDS) for raw, where, cells in _named(made, "inputs")]
    made.raw["facts"] = [_fact(made, *named) for named in _named(made, "facts")]


def _named(made: Draft, name: str) -> Iterator[tuple[Raw, str, Cells]]:
    """The rows of a sheet whose entries go by a key of their own."""
    for number, cells in enumerate(made.sheets[name].rows, 1):
        key = word(cells["key"])
        made.places[f"{name} 第 {number} 个 的 key"] = cells["key"]
        if cells["key"].is_read and cells["label"].is_read:
            made.own[key] = word(cells["label"])
        yield {}, f"{name} {key}" if cells["key"].is_read else f"{name} 第 {number} 个", cells


def _put(made: Draft, raw: Raw, where: str, cells: Cells, words: Mapping[str, Mapping[str, Any]]) -> Raw:
    for name, cell in cells.items():
        made.put(raw, name, f"{where} 的 {name}", cell, words.get(name))
    return raw


def _fact(made: Draft, raw: Raw, where: str, cells: Cells) -> Raw:
    zero = cells["when_divisor_zero"]
    _put(made, raw, where, {name: cell for name, cell in cells.items() if cell is not zero}, FACT_WORDS)
    if zero.is_read and word(zero) != NO_DATA:
        made.figure(raw, "when_divisor_zero", f"{where} 的 when_divisor_zero", zero)
    return raw


def read_caps(made: Draft) -> None:
    """Each cap with its one or two bounds."""
    caps: list[Raw] = []
    for number, cells in enumerate(made.sheets["caps"].rows, 1):
        cap, when = dict[str, Any](), dict[str, Any]()
        where = f"caps 第 {number} 个"
        for name in ("on", "at_most", "clause", "confidence"):
            made.put(cap, name, f"{where} 的 {name}", cells[name], {WHOLE_SCORE: TOTAL} if name == "on" else None)
        for bound in BOUND_WORDS:
            made.figure(when, bound, f"{where} 的 when 的 {bound}", cells[bound])
        made.places[f"{where} 的 when"] = cells["from"]
        made.data_name(when, "input", f"{where} 的 when 的 input", cells["source"], made.usable_names)
        caps.append({**cap, "when": when})
    made.raw["caps"] = caps


def read_sections(made: Draft) -> None:
    """The sections of the report, each with the items it reports."""
    read = made.sheets["sections"]
    made.places |= {"outline": read.header(), "outline 的 sections": read.header("items")}
    sections: list[Raw] = []
    for number, cells in enumerate(read.rows, 1):
        section: Raw = {}
        where = f"outline 的 sections 第 {number} 个"
        made.put(section, "title", f"{where} 的 title", cells["title"])
        made.put(section, "projects", f"{where} 的 projects", cells["projects"], back(FLAG_WORDS))
        made.places[f"{where} 的 items"] = cells["items"]
        section["items"] = list(filter(None, BETWEEN.split(word(cells["items"]) or "")))
        sections.append(section)
    if sections:
        made.raw["outline"] = made.raw.get("outline", {}) | {"sections": sections}
