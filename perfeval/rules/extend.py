"""`extends`: a regulation written as the differences from another. Raw TOML in, raw TOML out.

Tables are merged key by key, `inputs` and `facts` by their key, other lists and single values replaced. `scale` and
`bands` are each given whole. The items of the base are changed by `[replace.ID]` (the named keys of one item),
`remove = [ID, …]` and `[[add]]` (a new item, behind `after = ID` or at the end); a regulation that lists its own
`[[items]]` takes none of the base's.
"""

from collections.abc import Mapping
from typing import Any

from perfeval.model.regulation import Confidence
from perfeval.rules.citing import without_name
from perfeval.rules.faults import Faults, shown
from perfeval.rules.places import is_outside

Raw = dict[str, Any]
MOST_BASES = 50  # regulations that extend one another in a row
WHOLE = frozenset({"scale", "bands"})
KEYED = frozenset({"inputs", "facts"})
PROVENANCE = ("clause", "confidence")
OF_THE_DOCUMENT = frozenset(
    {"document", "document_number", "issuer", "effective_from", "effective_to", "source_note", "region"}
)
NOT_INHERITED = ("extends", "abstract", "replace", "remove", "add")


def extended(raws: Mapping[str, Raw], files: Mapping[str, str], faults: Faults) -> dict[str, Raw | None]:
    """Every regulation with all it takes from those it extends; None where the chain is broken: then that is its one
    fault."""
    whole: dict[str, Raw | None] = {}
    for regulation_id in raws:
        _extend(regulation_id, raws, files, faults, whole, ())
    return whole


def ancestors(regulation_id: str, raws: Mapping[str, Raw]) -> list[str]:
    """The ids a regulation takes from, the nearest first, of a sound chain."""
    base = raws[regulation_id].get("extends")
    return [base, *ancestors(base, raws)] if isinstance(base, str) else []


def _extend(
    regulation_id: str,
    raws: Mapping[str, Raw],
    files: Mapping[str, str],
    faults: Faults,
    whole: dict[str, Raw | None],
    below: tuple[str, ...],
) -> Raw | None:
    if regulation_id not in whole:
        whole[regulation_id] = _put_together(regulation_id, raws, files, faults, whole, (*below, regulation_id))
    return whole[regulation_id]


def _put_together(
    regulation_id: str,
    raws: Mapping[str, Raw],
    files: Mapping[str, str],
    faults: Faults,
    whole: dict[str, Raw | None],
    chain: tuple[str, ...],
) -> Raw | None:
    own, file = raws[regulation_id], files[regulation_id]
    base_id = own.get("extends")
    if base_id is None:
        return own
    if not isinstance(base_id, str) or base_id not in raws:
        faults.add(file, "extends", shown(base_id), f"一个已有指标体系的编号（{'、'.join(sorted(raws))}）")
        return None
    if base_id in chain:
        faults.add(
            file,
            "extends",
            f"绕成了一圈（{' → '.join((*chain[chain.index(base_id) :], base_id))}）",
            "不引用自己的指标体系",
        )
        return None
    if len(chain) > MOST_BASES:
        faults.add(file, "extends", f"一个引用一个，超过 {MOST_BASES} 层", f"不超过 {MOST_BASES} 层的引用")
        return None
    base = _extend(base_id, raws, files, faults, whole, chain)
    if base is None:
        return None
    changes = {key: value for key, value in own.items() if key not in NOT_INHERITED}
    inherited = _as_own({key: value for key, value in base.items() if key not in NOT_INHERITED}, own)
    merged = _merged(inherited, changes)
    if "items" in own:
        merged.update(_without_their_sections(merged, own))
        return _no_changes_beside_items(own, merged, file, faults)
    merged["items"] = _changed_items(merged.get("items", []), own, file, faults)
    return merged


def _without_their_sections(merged: Raw, own: Raw) -> Raw:
    """The outline without the base's sections, which name the base's items."""
    outline, stated = merged.get("outline"), own.get("outline", {})
    if not isinstance(outline, dict) or not isinstance(stated, dict) or "sections" in stated:
        return {}
    return {"outline": {key: value for key, value in outline.items() if key != "sections"}}


def _as_own(base: Raw, own: Raw) -> Raw:
    """What is taken from a regulation, each entry with the base's own clause and confidence: what the new one says of
    its document says nothing of them. Of another place's or another document's, none is known to hold here."""
    stated = {key: base[key] for key in PROVENANCE if key in base}
    items = [{**stated, **item} if isinstance(item, dict) else item for item in _entries(base.get("items"))]
    whole = {**base, "items": items} if items else base
    if _is_foreign(base, own):
        kept = {key: value for key, value in whole.items() if key not in OF_THE_DOCUMENT}
        unconfirmed: Raw = _unconfirmed(kept, str(base.get("document", "")))
        return unconfirmed
    is_of_no_document = "document" in own and not base.get("document")
    return {**whole, "items": _unconfirmed(items)} if items and is_of_no_document else whole


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_foreign(base: Raw, own: Raw) -> bool:
    document, region = base.get("document"), base.get("region")
    moved = bool(region) and is_outside(str(own.get("region", region)), str(region))
    return moved or (bool(document) and own.get("document", document) != document)


def _unconfirmed(value: Any, document: str | None = None) -> Any:
    """Every entry 待核, without the document's name and what was noted of it; of no document, those without a clause."""
    if isinstance(value, list):
        return [_unconfirmed(part, document) for part in value]
    if not isinstance(value, dict):
        return without_name(value, document) if document and isinstance(value, str) else value
    parts = {key: _unconfirmed(part, document) for key, part in value.items() if document is None or key != "remark"}
    is_unknown = document is not None or value.get("clause") == Confidence.UNCONFIRMED
    return parts | {key: str(Confidence.UNCONFIRMED) for key in PROVENANCE if is_unknown and key in value}


def _merged(base: Raw, own: Raw) -> Raw:
    merged = dict(base)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict) and key not in WHOLE
        merged[key] = _merged(base[key], value) if both else _kept(base.get(key), value) if key in KEYED else value
    return merged


def _kept(base: Any, own: Any) -> Any:
    """The base's entries without those of a key that is here too, then the own ones."""
    lists = [entries for entries in (base, own) if isinstance(entries, list)]
    if len(lists) < 2 or not all(isinstance(entry, dict) for entries in lists for entry in entries):
        return own
    written = {entry.get("key") for entry in own if isinstance(entry.get("key"), str)}
    return [*(entry for entry in base if entry.get("key") not in written), *own]


def _no_changes_beside_items(own: Raw, merged: Raw, file: str, faults: Faults) -> Raw:
    for key in ("replace", "remove", "add"):
        if key in own:
            faults.add(file, key, "与 items 同时出现", "二者之一：要么列出全部 items，要么只写与所引用指标体系的不同")
    return merged


def _changed_items(items: list[Raw], own: Raw, file: str, faults: Faults) -> list[Raw]:
    replace, remove, add = own.get("replace", {}), own.get("remove", []), own.get("add", [])
    if not _is_well_formed(items, replace, remove, add):
        faults.add(file, "replace、remove、add", "写法不对", '[replace.编号]、remove = ["编号"]、[[add]]')
        return items
    ids = [str(item.get("id")) for item in items]
    for key, unknown in (("replace", set(replace) - set(ids)), ("remove", set(remove) - set(ids))):
        for item_id in sorted(unknown):
            faults.add(file, f"{key} {item_id}", "是所引用的指标体系里没有的编号", f"已有的编号（{'、'.join(ids)}）")
    kept = [
        {**item, **replace.get(item_id, {})} for item, item_id in zip(items, ids, strict=True) if item_id not in remove
    ]
    for item in add:
        _insert(kept, item, file, faults)
    return kept


def _is_well_formed(items: Any, replace: Any, remove: Any, add: Any) -> bool:
    tables = [items, list(replace.values()) if isinstance(replace, dict) else None, add]
    lists = all(isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries) for entries in tables)
    return lists and isinstance(remove, list) and all(isinstance(item_id, str) for item_id in remove)


def _insert(items: list[Raw], item: Raw, file: str, faults: Faults) -> None:
    after, entry = item.get("after"), {key: value for key, value in item.items() if key != "after"}
    place = next((i for i, other in enumerate(items, 1) if after is not None and other.get("id") == after), None)
    if after is not None and place is None:
        faults.add(file, f"add {entry.get('id', '')} 的 after", shown(after), "一个已有的指标编号")
    items.insert(len(items) if place is None else place, entry)
