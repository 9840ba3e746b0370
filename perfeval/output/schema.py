"""The part of JSON Schema that the files in schemas/ use: a schema becomes a function that says whether a value has it.

What perfeval wrote is read back with it by the thousand, so each schema is turned into functions once and not looked
through for every value.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from importlib import resources
from typing import Any

Schema = Mapping[str, Any]
Rule = Callable[[Any], bool]

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
NOTES = {"$schema", "$defs", "title", "description"}  # say nothing of a value


def shipped(name: str) -> dict[str, Any]:
    """One of the schemas in schemas/, by the name of its file."""
    schema: dict[str, Any] = json.loads(
        (resources.files("perfeval.output") / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    )
    return schema


def rule(schema: Schema, definitions: Schema | None = None) -> Rule:
    """Whether a value has the schema. `definitions` are those that a $ref means, the schema's own by default.

    Patterns must be anchored at both ends. A schema must not contain itself. Raises ValueError for a keyword that is
    not known here.
    """
    known = schema.get("$defs", {}) if definitions is None else definitions
    if unknown := schema.keys() - KEYWORDS.keys() - NOTES:
        raise ValueError(f"unknown keywords: {sorted(unknown)}")
    rules = [KEYWORDS[key](schema, known) for key in schema if key not in NOTES]
    return rules[0] if len(rules) == 1 else lambda value: all(fits(value) for fits in rules)


def _types(schema: Schema, _: Schema) -> Rule:
    wanted = schema["type"]
    types = {TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted)}
    return lambda value: type(value) in types  # True is no number


def _enum(schema: Schema, _: Schema) -> Rule:
    words = schema["enum"]
    return lambda value: isinstance(value, str) and value in words


def _pattern(schema: Schema, _: Schema) -> Rule:
    matches = re.compile(schema["pattern"]).fullmatch  # a $ alone would let a line break pass
    return lambda value: not isinstance(value, str) or matches(value) is not None


def _format(schema: Schema, _: Schema) -> Rule:
    if schema["format"] != "date":
        raise ValueError(f"unknown format: {schema['format']}")
    return lambda value: not isinstance(value, str) or _is_day(value)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _minimum(schema: Schema, _: Schema) -> Rule:
    least = schema["minimum"]
    return lambda value: type(value) is not int or value >= least


def _maximum(schema: Schema, _: Schema) -> Rule:
    most = schema["maximum"]
    return lambda value: type(value) is not int or value <= most


def _required(schema: Schema, _: Schema) -> Rule:
    keys = frozenset(schema["required"])
    return lambda value: not isinstance(value, dict) or value.keys() >= keys


def _properties(schema: Schema, definitions: Schema) -> Rule:
    rules = {key: rule(inner, definitions) for key, inner in schema["properties"].items()}
    return lambda value: (
        not isinstance(value, dict) or all(rules[key](entry) for key, entry in value.items() if key in rules)
    )


def _other_properties(schema: Schema, definitions: Schema) -> Rule:
    fits, named = rule(schema["additionalProperties"], definitions), schema.get("properties", {})
    return lambda value: (
        not isinstance(value, dict) or all(fits(entry) for key, entry in value.items() if key not in named)
    )


def _names(schema: Schema, definitions: Schema) -> Rule:
    fits = rule(schema["propertyNames"], definitions)
    return lambda value: not isinstance(value, dict) or all(map(fits, value))


def _items(schema: Schema, definitions: Schema) -> Rule:
    fits = rule(schema["items"], definitions)
    return lambda value: not isinstance(value, list) or all(map(fits, value))


def _any_of(schema: Schema, definitions: Schema) -> Rule:
    rules = [rule(inner, definitions) for inner in schema["anyOf"]]
    return lambda value: any(fits(value) for fits in rules)


def _reference(schema: Schema, definitions: Schema) -> Rule:
    return rule(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)


KEYWORDS: Mapping[str, Callable[[Schema, Schema], Rule]] = {
    "type": _types,
    "enum": _enum,
    "pattern": _pattern,
    "format": _format,
    "minimum": _minimum,
    "maximum": _maximum,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _other_properties,
    "propertyNames": _names,
    "items": _items,
    "anyOf": _any_of,
    "$ref": _reference,
}


def texts(*keys: str) -> dict[str, Any]:
    """The schema of an object that has a text under each of these keys."""
    return {"type": "object", "required": list(keys), "properties": {key: {"type": "string"} for key in keys}}
