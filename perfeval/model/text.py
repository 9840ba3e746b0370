"""Text on its way into a document: what neither XML nor a reader's eye can cope with is taken out, every visible
character stays."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from perfeval.model.names import visible

LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"  # controls
    r"|[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # lone surrogates, noncharacters
)


def day_text(day: date) -> str:
    """2026年1月5日: Arabic figures without leading zero (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def version_name(version: int) -> str:
    """How a version of a filing is called: 第2版."""
    return f"第{version}版"


@lru_cache(maxsize=4096)  # the same words are in many cells and many workbooks
def clean(text: str) -> str:
    """`text` as a document may carry it: NFC, line ends as \\n, without controls, lone surrogates and what cannot be
    seen; `&`, `<`, `〔〕` and tabs stay."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", visible(UNPRINTABLE.sub("", LINE_ENDS.sub("\n", text))))
