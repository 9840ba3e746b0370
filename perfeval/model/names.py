"""Names and words as people see them: what cannot be seen is taken out, look-alikes are one, and what cannot be
resolved is named.

One place for every room: the reader reads cells by `visible`, everything that compares names (headers, departments,
projects, indicators) does so by `plain_name`, and a finding names what stays odd by `odd_characters`.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from perfeval.model.radicals import equivalents

# Unicode's property Default_Ignorable_Code_Point (DerivedCoreProperties.txt, 14.0), bidi controls and variation
# selectors among them, the annotation marks U+FFF9–FFFB, and three blanks that Unicode counts as symbols: of Braille,
# of an object that was lost, of music. None shows anything.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\u2800\ufff0-\ufffc\U0001d159\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Where joiners and variation selectors change what is seen: Arabic (Uyghur, Kazakh), the scripts of India to Tibet and
# Myanmar, Khmer, Mongolian, Phags-pa, Braille (its blank), and emoji. There they stay in what is printed.
JOINED = (
    "\u0600-\u061b\u061d-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18af\ua840-\ua87f\ufb50-\ufdff\ufe70-\ufefc"
    "\u2801-\u28ff\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
JOINERS = "\u180b-\u180f\u200c\u200d\u2800\ufe00\ufe0e\ufe0f"
KEYCAP = "[0-9#*]\ufe0f\u20e3"
RADICALS = "\u2e80-\u2fdf\u31c0-\u31ef"
FIRST_EMOJI = 0x1F000
LONGEST_KEPT = 64  # characters of a name that is kept as it is compared; a name is no chapter
COMPATIBLE = "\uf900-\ufaff\U0002f800-\U0002fa1f"  # ideographs that are another one by their canonical form

UNSEEN = re.compile(f"[{IGNORABLE}]")
_SUSPECT = re.compile(f"[{IGNORABLE}{RADICALS}{COMPATIBLE}]")
_KEPT_OR_UNSEEN = re.compile(f"({KEYCAP}|[{JOINED}][{JOINERS}]+)|[{IGNORABLE}]")

_SEEN_AS = {
    **{code: ord(unicodedata.normalize("NFKC", chr(code))) for code in range(0x2F00, 0x2FD6)},  # Kangxi radicals
    **equivalents(),
    ord("⼾"): ord("户"),  # the mainland's forms; Unicode names 戶 and 靑
    ord("⾭"): ord("青"),
    **{
        code: ord(form)
        for first, last in ((0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
        for code in range(first, last + 1)
        if len(form := unicodedata.normalize("NFC", chr(code))) == 1
    },
}
_ALIKE = {
    **dict.fromkeys(map(ord, "•・･‧∙⋅"), "·"),  # in names of minorities: 阿布都·热合曼
    **dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-"),
    **dict.fromkeys(map(ord, "“”„‟＂″"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛＇′"), "'"),
    ord("〜"): "~",
    ord("∶"): ":",
    ord("戶"): "户",
    ord("戸"): "户",
    ord("靑"): "青",
}


def visible(text: str) -> str:
    """The text as it is seen: without characters that show nothing, radicals as the ideographs they look like. All else
    stays as it was typed."""
    if _SUSPECT.search(text) is None:
        return text
    return _KEPT_OR_UNSEEN.sub(lambda match: match[1] or "", text).translate(_SEEN_AS)


def plain_name(name: str) -> str:
    """A name as it is compared: spaces, full or half width, kinds of dashes, quotes and middle dots, and what cannot be
    seen make no other name."""
    return _plain_name(name) if len(name) <= LONGEST_KEPT else _compared(name)


def _compared(name: str) -> str:
    return "".join(plain_signs(name).split()).casefold()


_plain_name = lru_cache(maxsize=2048)(_compared)  # the same few names come again with every row


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant; None where none is like it."""
    return next(iter(get_close_matches(name, list(known), n=1)), None)


def plain_signs(text: str) -> str:
    """What can be seen of a text, with letters, digits and signs of one width and kind: an identifier as the keyboard
    has it. Spaces and case stay."""
    return unicodedata.normalize("NFKC", UNSEEN.sub("", text).translate(_SEEN_AS).translate(_ALIKE))


def odd_characters(text: str) -> str:
    """The first character nobody can see or print, as a finding names it, and what to do; '' where there is none.

    第3个字后有一个看不见的字符（U+200B），请删去后重新输入。
    """
    shown = _KEPT_OR_UNSEEN.sub(lambda match: match[1][0] if match[1] else match[0], text)
    place, odd = next(((n, c) for n, c in enumerate(shown) if _is_unseen(c) or _is_unprintable(c)), (0, ""))
    if not odd:
        return ""
    unseen = f"第{place}个字后有一个看不见的字符" if place else "开头有一个看不见的字符"
    what = unseen if _is_unseen(odd) else f"第{place + 1}个字是打不出来的字符"
    return f"{what}（U+{ord(odd):04X}），请删去后重新输入。"


def _is_unseen(character: str) -> bool:
    return UNSEEN.match(character) is not None or (
        unicodedata.category(character) == "Cc" and character not in "\t\n\r\x85"
    )


def _is_unprintable(character: str) -> bool:
    """Private, not assigned, half of a pair, or the mark of a lost character. Rare ideographs and emoji may be newer
    than Python's tables."""
    category = unicodedata.category(character)
    return character == "\ufffd" or category in ("Co", "Cs") or (category == "Cn" and ord(character) < FIRST_EMOJI)
