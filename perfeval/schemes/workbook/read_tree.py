"""The sheets 基本信息, 指标, 分档, 扣分条件 and 等级 into a draft."""

import re
from collections.abc import Iterable
from typing import Any

from perfeval.model.numbers import HUNDRED
from perfeval.model.regulation import METHOD_NAMES, ROUNDING_NAMES, Method
from perfeval.model.submission import PROJECT_KIND
from perfeval.rules.load import ID
from perfeval.rules.methods import SHAPES
from perfeval.schemes.words import (
    CONDITION_NAMES,
    DECLARED_NAMES,
    FALLBACK_WORDS,
    NOT_APPLICABLE_NAMES,
    NUMBER_NAMES,
    PROJECT_NUMBER_NAMES,
)
from perfeval.schemes.workbook.draft import METHODS, Cells, Draft, Raw, back, word
from perfeval.schemes.workbook.figures import NotUnderstood, parameters_of
from perfeval.schemes.workbook.sheets import SIGN_WORDS, STEP_WORDS

ROLE = re.compile(r"\w+")


def read_tree(made: Draft) -> None:
    """Head, items with their steps and conditions, grades."""
    _head(made)
    _items(made)
    _steps(made)
    _conditions(made)
    _grades(made)


def _head(made: Draft) -> None:
    words = {"rounding": back(ROUNDING_NAMES)}
    for name, cells in made.sheets["head"].cells.items():
        made.put(made.raw, name, name, cells["value"], words.get(name))
    cell = made.places["id"]
    if cell.is_read and not ID.fullmatch(word(cell)):
        expected = "由字母、数字、汉字和连字符组成的编号，中间没有空格"
        made.report("CELL_002", cell, expected=expected, remedy="请改成这样的编号，如“某县-2026”。")


def _items(made: Draft) -> None:
    read = made.sheets["items"]
    made.places |= {"items": read.header(), "最上一级的 max_points": read.header("max_points")}
    made.raw["items"] = [_item(made, number, cells) for number, cells in enumerate(read.rows, 1)]


def _item(made: Draft, number: int, cells: Cells) -> Raw:
    raw: Raw = {}
    where = f"items {cells['id'].value}" if cells["id"].is_read else f"items 第 {number} 个"
    made.places |= {where: cells["id"], f"{where} {cells['item_name'].value} 的下级 max_points": cells["max_points"]}
    for key in ("id", "item_name", "parent", "max_points", "clause", "confidence", "remark"):
        name = key.removeprefix("item_")
        made.put(raw, name, f"{where} 的 {name}", cells[key])
    made.put(raw, "method", f"{where} 的 method", cells["method"], METHODS)
    made.put(raw, "fallback", f"{where} 的 fallback", cells["fallback"], back(FALLBACK_WORDS))
    made.put(raw, "not_applicable", f"{where} 的 not_applicable", cells["not_applicable"], back(NOT_APPLICABLE_NAMES))
    made.places[f"{where} 的 parameters"] = cells["parameters"]
    for name in ("steps", "conditions"):
        made.places[f"{where} 的 parameters.{name}"] = cells["method"]
    if "method" in raw:
        _how_scored(made, raw, where, cells)
    elif cells["method"].is_blank:
        for key in ("source", "denominator", "parameters"):
            made.unused(cells[key], "没有填方法，用不到它")
    return raw


def _how_scored(made: Draft, raw: Raw, where: str, cells: Cells) -> None:
    shape = SHAPES[Method(raw["method"])]
    inputs: Raw = {}
    roles = [role for role in (*shape.inputs, *shape.optional_inputs) if role != "denominator"]
    takes = {
        "source": roles[0] if roles else "",
        "denominator": "denominator" if "denominator" in shape.optional_inputs else "",
    }
    for key, role in takes.items():
        if role:
            made.data_name(inputs, role, f"{where} 的 inputs.{role}", cells[key], _usable(Method(raw["method"]), made))
        else:
            made.unused(
                cells[key], "这个方法用不到它" if not shape.open_inputs else "“缺项扣分”的数据来源写在“扣分条件”表"
            )
    try:
        raw["parameters"] = parameters_of(word(cells["parameters"]) or "")
    except NotUnderstood as error:
        made.report("REGULATION_004", cells["parameters"], part=error.part, expected=error.expected)
    if inputs:
        raw["inputs"] = inputs


def _usable(method: Method, made: Draft) -> Iterable[str]:
    """The names of data that a method takes, in this kind of regulation."""
    if method is Method.SHARE:
        return CONDITION_NAMES.values()
    if method is Method.DECLARED:
        return DECLARED_NAMES.values()
    return (PROJECT_NUMBER_NAMES if made.raw.get("kind") == PROJECT_KIND else NUMBER_NAMES).values()


def _of_item(made: Draft, cells: Cells, method: Method) -> Raw | None:
    """The item a row of 分档 or 扣分条件 belongs to; None, and reported, where there is none or its method is another."""
    items: list[Raw] = made.raw["items"]
    item = next((raw for raw in items if raw.get("id") == cells["item"].value and cells["item"].is_read), None)
    if item is None:
        if cells["item"].is_read:
            made.report("REGULATION_005", cells["item"])
        return None
    if item.get("method") == method:
        return item
    stated = made.places[f"items {item['id']} 的 method"]
    if stated.is_read or stated.is_blank:
        named = METHOD_NAMES[Method(item["method"])] if "method" in item else ""
        reason = f"“指标”表里它的方法是“{named}”" if named else "“指标”表里它没有填方法"
        made.unused(cells["item"], f"{reason}，只有“{METHOD_NAMES[method]}”才用这张表", "这一行")
    return None


def _steps(made: Draft) -> None:
    for cells in made.sheets["steps"].rows:
        item = _of_item(made, cells, Method.GRADED)
        if item is None:
            continue
        steps = item.setdefault("parameters", {}).setdefault("steps", [])
        where, step = f"items {item['id']} 的 parameters.steps", dict[str, Any]()
        key = f"{where} 第 {len(steps) + 1} 档"
        made.places |= {where: cells["comparison"], key: cells["comparison"], f"{where} 最后一档": cells["comparison"]}
        bound = back(STEP_WORDS).get(word(cells["comparison"]))
        if bound:
            made.figure(step, bound, key, cells["limit"])
            if cells["limit"].is_blank:
                made.report("CELL_001", cells["limit"], zero="")
        else:
            made.unused(cells["limit"], "“其余”没有界限")
        made.put(step, "points", f"{key}的 points", cells["points"])
        steps.append(step)


def _conditions(made: Draft) -> None:
    for cells in made.sheets["conditions"].rows:
        item = _of_item(made, cells, Method.DEDUCT_MISSING)
        if item is None:
            continue
        conditions = item.setdefault("parameters", {}).setdefault("conditions", [])
        where, condition = f"items {item['id']} 的 parameters.conditions", dict[str, Any]()
        key = f"{where} 第 {len(conditions) + 1} 个"
        role = word(cells["role"]) or f"condition_{len(conditions) + 1}"
        if not ROLE.fullmatch(role):
            made.report(
                "CELL_002",
                cells["role"],
                expected="不含空格和标点的代号",
                remedy="请只用字母、数字和汉字，或者清空这一格。",
            )
        usable = _usable(Method.DEDUCT_MISSING, made)
        made.data_name(
            item.setdefault("inputs", {}), role, f"items {item['id']} 的 inputs.{role}", cells["source"], usable
        )
        condition["input"] = role
        made.places |= {where: cells["comparison"], key: cells["comparison"], f"{key}的 input": cells["source"]}
        made.places[f"{where} 的各扣分"] = cells["points"]
        sign = back(SIGN_WORDS).get(word(cells["comparison"]))
        if sign:
            made.figure(condition, sign, key, cells["limit"])
        made.put(condition, "points", f"{key}的 points", cells["points"])
        conditions.append(condition)


def _grades(made: Draft) -> None:
    """Each band ends where the next higher one begins, the highest at 100."""
    read = made.sheets["grades"]
    made.places["grades"] = read.header()
    edge, bands = HUNDRED, []
    for cells in sorted((c for c in read.rows if c["lower"].is_read), key=lambda c: -word(c["lower"])):
        made.places[f"grades {cells['grade'].value}"] = cells["lower"]
        bands.append({"name": cells["grade"].value or "？", "lower": word(cells["lower"]), "upper": edge})
        edge = word(cells["lower"])
    made.raw["grades"] = bands
