"""The sheets of limits, dates, levels and indicator rules into a draft."""

from typing import Any

from perfeval.model.regulation import ROUNDING_NAMES
from perfeval.model.submission import PROJECT_KIND
from perfeval.schemes.words import ACTION_WORDS, LEVEL_WORDS, SETTING_NAMES, SETTING_WORDS, YEAR_WORDS
from perfeval.schemes.workbook.draft import Cells, Draft, Raw, back, word
from perfeval.schemes.workbook.sheets import ALL_RULES, GATE_WORDS, WITH_OWN_SHEET


def read_settings(made: Draft) -> None:
    """Everything but head, tree and grades; the indicator rules only of a scheme for 项目支出."""
    _limits(made)
    _lists(made)
    if made.raw.get("kind") == PROJECT_KIND:
        _rules(made)


def _limits(made: Draft) -> None:
    thresholds: Raw = {}
    for name, cells in made.sheets["thresholds"].cells.items():
        entry: Raw = {}
        where = f"thresholds 的 {name}"
        made.figure(entry, "value", where, cells["value"])
        _provenance(made, entry, where, cells)
        if "value" in entry:
            thresholds[name] = entry
        elif entry and cells["value"].is_blank:
            made.report("CELL_001", cells["value"], zero="；不核对的，请把这一行的条款和核定状态也清空")
    made.raw["thresholds"] = thresholds
    deadline: Raw = {}
    cells = {name: row["value"] for name, row in made.sheets["entry_deadline"].cells.items()}
    made.put(deadline, "year_offset", "entry_deadline 的 year_offset", cells["year"], back(YEAR_WORDS))
    for name in ("month", "day"):
        made.put(deadline, name, f"entry_deadline 的 {name}", cells[name])
    _provenance(made, deadline, "entry_deadline", cells)
    if deadline:
        made.raw["entry_deadline"] = deadline


def _provenance(made: Draft, into: Raw, where: str, cells: Cells) -> None:
    for name in ("clause", "confidence"):
        made.put(into, name, f"{where} 的 {name}", cells[name])


def _lists(made: Draft) -> None:
    marks: list[Raw] = []
    for number, cells in enumerate(made.sheets["progress_marks"].rows, 1):
        mark: Raw = {}
        where = f"progress_marks 第 {number} 个"
        made.put(mark, "month", f"{where} 的 month", cells["month"])
        made.figure(mark, "share", f"{where} 的 share", cells["share"])
        _provenance(made, mark, where, cells)
        marks.append(mark)
    made.raw["progress_marks"] = marks
    levels: Raw = {}
    for cells in made.sheets["severities"].rows:
        if cells["code"].is_read:
            made.places[f"severities 的 {cells['code'].value}"] = cells["code"]
            levels[word(cells["code"])] = back(LEVEL_WORDS).get(word(cells["level"]), "error")
    made.raw["severities"] = levels


def _rules(made: Draft) -> None:
    rules: Raw = {}
    grid = made.sheets["indicators"].cells
    _provenance(made, rules, "indicators", grid[ALL_RULES])
    choices = {**{name: back(words) for name, words in SETTING_WORDS.items()}, "rounding": back(ROUNDING_NAMES)}
    notes: Raw = {}
    for name in SETTING_NAMES:
        cells, note = grid[name], dict[str, Any]()
        if name in choices:
            made.choice(rules, name, f"indicators 的 {name}", cells["value"], choices[name])
        elif name not in WITH_OWN_SHEET:
            made.figure(rules, name, f"indicators 的 {name}", cells["value"])
        _provenance(made, note, f"indicators 的 notes 的 {name}", cells)
        if note:
            notes[name] = note
    _scale_and_bands(made, rules)
    _gates_and_splits(made, rules)
    made.raw["indicators"] = rules | {"notes": notes}


def _scale_and_bands(made: Draft, rules: Raw) -> None:
    for name, columns in (("scale", ("share",)), ("bands", ("lower", "upper"))):
        read = made.sheets[name]
        made.places[f"indicators 的 {name}"] = read.header()
        table: Raw = {}
        for cells in read.rows:
            level, entry = word(cells["level"]), dict[str, Any]()
            for column in columns:
                key = f"indicators 的 {name} 的 {level}" + (f" 的 {column}" if len(columns) > 1 else "")
                made.figure(entry, column, key, cells[column])
            made.places.setdefault(f"indicators 的 {name} 的 {level}", cells[columns[-1]])
            if level in table:
                made.report(
                    "CELL_002", cells["level"], expected="没有用过的名称", remedy="请改名，或者删去重复的一行。"
                )
            if cells["level"].is_read:
                table[level] = entry if len(columns) > 1 else entry.get("share", 0)
        rules[name] = table


def _gates_and_splits(made: Draft, rules: Raw) -> None:
    gates: list[Raw] = []
    for number, cells in enumerate(made.sheets["over_fulfilment"].rows, 1):
        gate: Raw = {}
        where = f"indicators 的 over_fulfilment 第 {number} 个"
        direction = back(GATE_WORDS).get(word(cells["direction"]), "above")
        made.places[f"{where} 的 above"] = cells["limit"]
        made.figure(gate, direction, f"{where} 的 {direction}", cells["limit"])
        made.put(gate, "action", f"{where} 的 action", cells["action"], back(ACTION_WORDS))
        made.put(gate, "points", f"{where} 的 points", cells["points"])
        gates.append(gate)
    rules["over_fulfilment"] = gates
    splits: dict[str, Raw] = {}
    read = made.sheets["splits"]
    made.places["indicators 的 splits"] = read.header("points") if read.found else read.header()
    for cells in read.rows:
        if cells["block"].is_read and cells["scheme"].is_read:
            made.put(splits.setdefault(word(cells["scheme"]), {}), word(cells["block"]), "", cells["points"])
    rules["splits"] = list(splits.values())
