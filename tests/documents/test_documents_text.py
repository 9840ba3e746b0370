"""What clean() takes out, and what it must leave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from perfeval.model.text import clean


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("财预〔2020〕10号 & <甲>", "财预〔2020〕10号 & <甲>"),
        ("第一行\r\n第二行\r第三行\x85第四行", "第一行\n第二行\n第三行\n第四行"),
        ("制表\t符", "制表\t符"),
        ("控\x00制\x0b符\x1b\x7f\x9f", "控制符"),
        ("半个\ud83d表情", "半个表情"),
        ("整个😀表情", "整个😀表情"),
        ("\u202e倒\u202c写\u2066甲\u2069\u200f\u061c", "倒写甲"),
        ("看\u200b不\ufeff见", "看不见"),
        ("e\u0301", "é"),
        ("98.38％ ≥ 5", "98.38％ ≥ 5"),
    ],
)
def test_clean(written: str, printed: str) -> None:
    assert clean(written) == printed


@given(st.text(st.characters()))
def test_cleaned_text_survives_xml_and_cleaning_again(text: str) -> None:
    cleaned = clean(text)
    element = etree.Element("t")
    element.text = cleaned
    assert (etree.fromstring(etree.tostring(element)).text or "") == cleaned
    assert clean(cleaned) == cleaned
