"""Points: in a cell of their own, or inside a name, 产出指标（50分）."""

import re
from decimal import Decimal

from perfeval.filing.typed.numbers import number_of
from perfeval.model.names import plain_signs
from perfeval.prefill.grid import GridCell

SHARED = "一个{what}合并在几个指标上，程序不代为分摊，没有读入；请按指标逐个填写。"
NOT_POINTS = "不是一个分数，没有读入；请核对后自己填。"
IN_NAME = re.compile(r"[(（\[【]\s*(?:权重|分值|满分|共)?[:：]?\s*(\d+(?:\.\d+)?)\s*分?\s*[)）\]】]\s*$")
IN_LAST_NAME = re.compile(r"[(（\[【]\s*(?:权重|分值|满分|共)?[:：]?\s*(\d+(?:\.\d+)?)\s*分\s*[)）\]】]\s*$")
NUMBER_BEFORE = re.compile(
    r"^\s*(?:指标\s*\d{1,2}\s*[:：.、]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]"
    r"|\d{1,2}[.．、](?!\d)|\d{1,2}(?:[.．]\d{1,2})+[\s、.．](?!\d))\s*"
)


def points_of(cell: GridCell) -> Decimal | None:
    """The number of a cell of points: 10, 10分, 10.0; a share in per cent is that of a hundred."""
    text = plain_signs(cell.text).strip().removesuffix("分")
    if text.endswith("%"):
        return number_of(text.removesuffix("%"))
    return cell.number if cell.number is not None else number_of(text)


def level_name(text: str) -> str:
    """The name of a level without its points, and without the blanks of a narrow column: 投 入 (15分) → 投入."""
    return "".join(IN_NAME.sub("", text).split())


def own_name(text: str) -> tuple[str, Decimal | None]:
    """The name of an indicator, and the points that stand in it."""
    match = IN_LAST_NAME.search(text)
    bare = NUMBER_BEFORE.sub("", text[: match.start()] if match else text)
    return "".join(line.strip() for line in bare.split("\n")), Decimal(match[1]) if match else None


def is_number_only(text: str) -> bool:
    """Whether it is a running number without a name: 指标2："""
    return not NUMBER_BEFORE.sub("", text if text.rstrip()[-1:] in ":：" else f"{text}：").strip(" …:：")
