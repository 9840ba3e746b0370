"""Names as people see them: what is taken out, what is one name, what stays two, and how an odd character is named."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model.names import UNSEEN, odd_characters, plain_name, visible

FIRST_RADICAL, LAST_RADICAL = 0x2E80, 0x2FD5

SEEN = [
    ("项目\u200b名称", "项目名称"),
    ("\ufeff是\u2060", "是"),
    ("\u202e倒\u202c\u200f", "倒"),
    ("软\u00ad连字符", "软连字符"),
    ("\u3164是\uffa0", "是"),
    ("是\ufe0f", "是"),
    ("葛\U000e0100\U000e0041", "葛"),
    ("\u180e\u034f常年", "常年"),
    ("⼀次性", "一次性"),
    ("部⻔整体", "部门整体"),
    ("⽀出合计", "支出合计"),
    ("⺠政局⻓", "民政局长"),
    ("农⼾", "农户"),
    ("\uf98e初预算", "年初预算"),
    ("❤\ufe0f\u200d🔥 👨\u200d👩\u200d👧", "❤\ufe0f\u200d🔥 👨\u200d👩\u200d👧"),
    ("1\ufe0f\u20e3 ©\ufe0f ▶\ufe0f ↔\ufe0f 1\ufe0f2", "1\ufe0f\u20e3 ©\ufe0f ▶\ufe0f ↔\ufe0f 12"),
    ("林业\u2800局\ufffc\U0001d159", "林业局"),
    ("⠃⠗\u2800⠇", "⠃⠗\u2800⠇"),
    ("ᠮᠣᠩ\u180bᠭᠣᠯ", "ᠮᠣᠩ\u180bᠭᠣᠯ"),
    ("ئۇ\u200cيغۇر", "ئۇ\u200cيغۇر"),
    ("བོད་ལྗོངས།", "བོད་ལྗོངས།"),
    ("２０％（本级）· ≥①㎡　〇○零", "２０％（本级）· ≥①㎡　〇○零"),
]


@pytest.mark.parametrize(("typed", "seen"), SEEN)
def test_what_cannot_be_seen_goes_and_what_can_be_stays(typed: str, seen: str) -> None:
    assert visible(typed) == seen


def test_every_radical_is_an_ideograph() -> None:
    radicals = [chr(code) for code in range(FIRST_RADICAL, LAST_RADICAL + 1) if unicodedata.category(chr(code)) != "Cn"]
    assert len(radicals) == 214 + 115
    without = [radical for radical in radicals if visible(radical) == radical]
    assert without == ["\u2e80"]  # CJK RADICAL REPEAT, which Unicode gives no ideograph


ALIKE = [
    ("伙食团（运行费）", "伙食团(运行费)"),
    ("伙食团 运行费", "伙食团运行费"),
    ("教育局\u200b", "教育局"),
    ("⾦口河区发改局", "金口河区发改局"),
    ("阿布都•热合曼", "阿布都·热合曼"),
    ("买买提・艾力", "买买提･艾力"),
    ("2024—2025年项目", "2024-2025年项目"),
    ("“三公”经费", '"三公"经费'),
    ("ｅ项目", "E项目"),
    ("ᠮᠣᠩ\u180bᠭ", "ᠮᠣᠩᠭ"),
    ("农⼾补贴", "农户补贴"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_look_alike_are_alike(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第〇中学", "第零中学"),
        ("第〇中学", "第○中学"),
        ("一期", "二期"),
        ("甲局", "甲局\ue123"),
        ("人", "入"),
        ("日", "曰"),
    ],
)
def test_names_that_differ_to_the_eye_are_two(one: str, other: str) -> None:
    assert plain_name(one) != plain_name(other)


ODD = [
    ("部门整\u200b体", "第3个字后有一个看不见的字符（U+200B），请删去后重新输入。"),
    ("\u202e是", "开头有一个看不见的字符（U+202E），请删去后重新输入。"),
    ("是\ue123", "第2个字是打不出来的字符（U+E123），请删去后重新输入。"),
    ("\ufffd局", "第1个字是打不出来的字符（U+FFFD），请删去后重新输入。"),
    ("是\ud800", "第2个字是打不出来的字符（U+D800），请删去后重新输入。"),
    ("是\x01", "第1个字后有一个看不见的字符（U+0001），请删去后重新输入。"),
    ("是\u0378", "第2个字是打不出来的字符（U+0378），请删去后重新输入。"),
    ("第一行\n第二行\t　❤\ufe0f ᠩ\u180b \U00031350", ""),
]


@pytest.mark.parametrize(("text", "named"), ODD)
def test_an_odd_character_is_named_by_its_place(text: str, named: str) -> None:
    assert odd_characters(text) == named


@given(st.text(st.characters()))
def test_what_is_seen_stays_as_it_is_and_is_the_same_name(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert plain_name(visible(text)) == plain_name(text)
    assert not UNSEEN.search(plain_name(text))
