"""The units amounts of money are filled in. Everything behind the reader counts in 万元."""

from decimal import Decimal

from perfeval.model.numbers import show_number

YUAN, WAN = "元", "万元"
POWERS = {YUAN: 0, "千元": 3, WAN: 4, "百万元": 6, "亿元": 8}  # how many of 元, as a power of ten


def in_wan(amount: Decimal, unit: str) -> Decimal:
    """An amount in `unit` → in 万元, exactly: 12400000 元 → 1240."""
    return amount if unit == WAN else plain(amount.scaleb(POWERS[unit] - POWERS[WAN]))


def in_unit(amount: Decimal, unit: str) -> Decimal:
    """An amount in 万元 → in `unit`, exactly: what has to be typed in a workbook that counts in it."""
    return amount if unit == WAN else plain(amount.scaleb(POWERS[WAN] - POWERS[unit]))


def plain(amount: Decimal) -> Decimal:
    """Without zeros behind the last digit that counts, which would pass for printed decimals."""
    return Decimal(show_number(amount))
