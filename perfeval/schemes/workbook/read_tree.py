"""The sheets 基本信息, 指标, 择一办法, 分档, 扣分条件, 要点 and 等级 into a draft."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from perfeval.model.numbers import HUNDRED
from perfeval.model.regulation import METHOD_NAMES, ROUNDING_NAMES, Method
from perfeval.rules.load import ID
from perfeval.rules.methods import SHAPES
from perfeval.rules.read import SHARED
from perfeval.schemes.words import CONDITION_NAMES, DECLARED_NAMES, FALLBACK_WORDS, FLAG_WORDS, NOT_APPLICABLE_NAMES
from perfeval.schemes.workbook.draft import METHODS, Cells, Draft, Raw, back, word
from perfeval.schemes.workbook.figures import OWN_SHEET, NotUnderstood, parameters_of
from perfeval.schemes.workbook.sheets import SIGN_WORDS, STEP_WORDS

OF_OUTLINE = ("report", "projects")
ROLE = re.compile(r"\w+")


def read_tree(made: Draft) -> None:
    """Head, items with their alternatives and lists, grades."""
    _head(made)
    _items(made)
    _alternatives(made)
    _steps(made)
    _conditions(made)
    _criteria(made)
    _grades(made)


def _head(made: Draft) -> None:
    words = {"rounding": back(ROUNDING_NAMES), "deduction_column": back(FLAG_WORDS)}
    outline: Raw = {}
    for name, cells in made.sheets["head"].cells.items():
        into, key = (outline, f"outline 的 {name}") if name in OF_OUTLINE else (made.raw, name)
        made.put(into, name, key, cells["value"], words.get(name))
    if outline:
        made.raw["outline"] = outline
    cell = made.places["id"]
    if cell.is_read and not ID.fullmatch(word(cell)):
        expected = "由字母、数字、汉字和连字符组成的编号，中间没有空格"
        made.report("CELL_002", cell, expected=expected, remedy="请改成这样的编号，如“某县-2026”。")


def _items(made: Draft) -> None:
    read = made.sheets["items"]
    made.places |= {"items": read.header(), "最上一级的 max_points": read.header("max_points")}
    made.places["最上一级的 share"] = read.header("share")
    sharing = {word(cells["parent"]) for cells in read.rows if cells["share"].is_read}
    if None in sharing:
        made.raw["points"] = SHARED
    made.raw["items"] = [_item(made, number, cells, sharing) for number, cells in enumerate(read.rows, 1)]


def _item(made: Draft, number: int, cells: Cells, sharing: Collection[str | None]) -> Raw:
    """`sharing`: the ids of the parents whose children state their points in per cent, None for the top."""
    raw: Raw = {"points": SHARED} if cells["id"].is_read and word(cells["id"]) in sharing else {}
    where = f"items {cells['id'].value}" if cells["id"].is_read else f"items 第 {number} 个"
    for part in ("max_points", "share"):
        made.places[f"{where} {cells['item_name'].value} 的下级 {part}"] = cells["max_points"]
    made.places[where] = cells["id"]
    if cells["max_points"].is_blank and word(cells["parent"]) not in sharing:
        made.report("CELL_001", cells["max_points"], zero="")
    for key in ("id", "item_name", "parent", "max_points", "share", "clause", "confidence", "remark"):
        name = key.removeprefix("item_")
        made.put(raw, name, f"{where} 的 {name}", cells[key])
    made.put(raw, "method", f"{where} 的 method", cells["method"], METHODS)
    made.put(raw, "fallback", f"{where} 的 fallback", cells["fallback"], back(FALLBACK_WORDS))
    made.put(raw, "not_applicable", f"{where} 的 not_applicable", cells["not_applicable"], back(NOT_APPLICABLE_NAMES))
    made.places[f"{where} 的 alternatives"] = cells["method"]
    if "method" in raw:
        _how_scored(made, raw, where, cells)
    elif cells["method"].is_blank:
        for key in ("source", "denominator", "parameters"):
            made.unused(cells[key], "没有填方法，用不到它")
    return raw


def _how_scored(made: Draft, raw: Raw, where: str, cells: Cells) -> None:
    """Inputs and parameters of an item or of one of its alternatives."""
    made.places[f"{where} 的 parameters"] = cells["parameters"]
    made.places |= {f"{where} 的 parameters.{name}": cells["method"] for name in OWN_SHEET}
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
    return made.usable_names


def _alternatives(made: Draft) -> None:
    """Each row is one more alternative of its item; where one cannot be placed, those behind it keep their number."""
    for cells in made.sheets["alternatives"].rows:
        item = _item_of(made, cells)
        if item is None or not _is_of(made, item, f"items {item['id']}", cells, Method.ONE_OF):
            continue
        ways = item.setdefault("alternatives", [])
        where, way = f"items {item['id']} 的 alternatives 第 {len(ways) + 1} 个", dict[str, Any]()
        made.places[where] = cells["method"]
        made.put(way, "method", f"{where} 的 method", cells["method"], METHODS)
        if "method" in way:
            _how_scored(made, way, where, cells)
        ways.append(way)


def _item_of(made: Draft, cells: Cells) -> Raw | None:
    """The item a row of a list belongs to; None, and reported, where there is none."""
    items: list[Raw] = made.raw["items"]
    item = next((raw for raw in items if raw.get("id") == cells["item"].value and cells["item"].is_read), None)
    if item is None and cells["item"].is_read:
        made.report("REGULATION_005", cells["item"])
    return item


def _scored_of(made: Draft, cells: Cells, method: Method) -> tuple[Raw, str] | None:
    """The item, or the alternative of it, that a row of a list belongs to, and its key; None, and reported, where there
    is none or its method is another."""
    item = _item_of(made, cells)
    if item is None:
        return None
    scored, where, way = item, f"items {item['id']}", cells.get("way")
    if way is not None and way.is_read:
        if made.sheets["alternatives"].found is None:  # that is reported
            return None
        ways = item.get("alternatives", [])
        if not 1 <= word(way) <= len(ways):
            expected = f"“择一办法”表里 {item['id']} 的第几种办法（有 {len(ways)} 种）"
            made.report("CELL_002", way, expected=expected, remedy="请改成其中一种的序号；不是“择一计分”的指标不填。")
            return None
        scored, where = ways[int(word(way)) - 1], f"{where} 的 alternatives 第 {word(way)} 个"
    return (scored, where) if _is_of(made, scored, where, cells, method) else None


def _is_of(made: Draft, scored: Raw, where: str, cells: Cells, method: Method) -> bool:
    """Whether the rows of a list are used by that method; reported where they are not."""
    if scored.get("method") == method:
        return True
    stated = made.places[f"{where} 的 method"]
    if stated.is_read or stated.is_blank:
        named = METHOD_NAMES[Method(scored["method"])] if "method" in scored else ""
        reason = f"“{stated.ref.sheet}”表里它的方法是“{named}”" if named else "“指标”表里它没有填方法"
        made.unused(cells["item"], f"{reason}，只有“{METHOD_NAMES[method]}”才用这张表", "这一行")
    return False


def _listed(made: Draft, cells: Cells, method: Method, name: str) -> tuple[Raw, list[Raw], str] | None:
    """What a row of a list belongs to, the entries read so far and the key of the list."""
    found = _scored_of(made, cells, method)
    if found is None:
        return None
    scored, where = found
    return scored, scored.setdefault("parameters", {}).setdefault(name, []), f"{where} 的 parameters.{name}"


def _steps(made: Draft) -> None:
    for cells in made.sheets["steps"].rows:
        found = _listed(made, cells, Method.GRADED, "steps")
        if found is None:
            continue
        _, steps, where = found
        step: Raw = {}
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


def _criteria(made: Draft) -> None:
    for cells in made.sheets["criteria"].rows:
        found = _listed(made, cells, Method.CRITERIA, "criteria")
        if found is None:
            continue
        _, criteria, where = found
        criterion: Raw = {}
        key = f"{where} 第 {len(criteria) + 1} 个"
        made.places |= {where: cells["text"], key: cells["text"], f"{where} 的各 points": cells["points"]}
        for name in ("text", "points"):
            made.put(criterion, name, f"{key}的 {name}", cells[name])
        criteria.append(criterion)


def _conditions(made: Draft) -> None:
    for cells in made.sheets["conditions"].rows:
        found = _listed(made, cells, Method.DEDUCT_MISSING, "conditions")
        if found is None:
            continue
        scored, conditions, where = found
        condition: Raw = {}
        key = f"{where} 第 {len(conditions) + 1} 个"
        role = word(cells["role"]) or f"condition_{len(conditions) + 1}"
        if not ROLE.fullmatch(role):
            made.report(
                "CELL_002",
                cells["role"],
                expected="不含空格和标点的代号",
                remedy="请只用字母、数字和汉字，或者清空这一格。",
            )
        place = f"{where.removesuffix('parameters.conditions')}inputs.{role}"
        usable = _usable(Method.DEDUCT_MISSING, made)
        made.data_name(scored.setdefault("inputs", {}), role, place, cells["source"], usable)
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
