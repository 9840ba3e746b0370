"""The text of 结果.json is made by a few lines of our own; Python's json is the measure."""

import json

import pytest
import scored_by_hand

from perfeval.documents.json_text import indented
from perfeval.documents.kinds import KINDS
from perfeval.documents.result import DOCUMENT_KINDS, result_of

VALUES = [
    {"一": {"甲": '“引号” "双" \\ 反斜线\n换行\t\x00\u2028', "乙": None}, "二": [], "三": {}},
    {"numbers": [0, -1, 1.5, 1e300, True, False], "pair": ("甲", "乙"), "nested": [[["深"]], [{}]]},
    ["单独一项"],
    [],
    {},
    None,
    "𠮷<&>",
    result_of(scored_by_hand.package(), {"report": ("自评报告.docx", b"")}),
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_it_is_the_text_json_itself_writes(value: object) -> None:
    assert indented(value) == json.dumps(value, ensure_ascii=False, indent=1)


def test_the_kinds_that_are_always_listed_are_declared() -> None:
    assert set(DOCUMENT_KINDS) <= {kind.key for kind in KINDS}
    assert len({kind.key for kind in KINDS}) == len({kind.ending for kind in KINDS}) == len(KINDS)
