"""What is seen of a number under its format: dates as exact as they are shown, units and comparators, per cent, what
cannot be shown."""

from decimal import Decimal

import pytest

from perfeval.excel.number_format import UNSHOWN, section_of, seen

ACCOUNTING = '_ ¥* #,##0.00_ ;_ ¥* \\-#,##0.00_ ;_ ¥* "-"??_ ;_ @_ '
CHINESE_DAY = '[DBNum1][$-804]yyyy"年"m"月"d"日";@'
BY_SIZE = '[>=10000]0!.0,"万元";0"元"'

SEEN = [  # saved, format, seen
    ("4.5", "", "4.5"),
    ("4.5", "General", "4.5"),
    ("4.5", "#,##0.00", "4.5"),
    ("0.2744", "0.00%", "27.44%"),
    ("4.5", '0.0"万元"', "4.5万元"),
    ("4.5367", '0.0"万元"', "4.5367万元"),  # with all its digits
    ("4.5", "0.0\\万\\元", "4.5万元"),
    ("4.5", "0.0万元", "4.5万元"),
    ("4.5", 'General"元"', "4.5元"),
    ("4.5", 'G/通用格式"元"', "4.5元"),
    ("15000", '#,##0"元/月"', "15000元/月"),
    ("95", '"≤"0"%"', "≤95%"),
    ("0.95", '"≥"0.0%', "≥95%"),
    ("45000", BY_SIZE, "4.5万元"),
    ("4500", BY_SIZE, "4500元"),
    ("0.5", '[>=1]0.0"万元";0"元"', "0.5元"),
    ("4500", '#,##0.0,"千元"', "4.5千元"),
    ("45000", "0!.0,", "45000"),  # no unit: asked about, see CELL_015
    ("-5", "#,##0_);[Red](#,##0)", "-5"),
    ("6", ACCOUNTING, "6"),
    ("0", ACCOUNTING, "0"),
    ("0", '#,##0;-#,##0;"-"', "0"),
    ("6", "[$￥-804]#,##0", "6"),
    ("1", '[=1]"是";[=0]"否"', "是"),
    ("13800001234", "000-0000-0000", "13800001234"),
    ("46022", "yyyy-mm-dd", "2025-12-31"),
    ("46022.75", "yyyy/m/d h:mm", "2025-12-31"),
    ("46022", CHINESE_DAY, "2025-12-31"),
    ("46022", 'yyyy"年"m"月"', "2025年12月"),
    ("46022", "mmm-yy", "2025年12月"),
    ("46022", 'm"月"d"日"', "12月31日"),
    ("46022", "d-mmm", "12月31日"),
    ("46022", 'yyyy"年"', "2025年"),
    ("46022", "dddd", "2025-12-31"),
    ("0.5", "h:mm", "12:00:00"),
    ("2.5", "[h]:mm", "60:00:00"),
    ("0.6", '上午/下午h"时"mm"分"', "14:24:00"),
    ("0.6", "[$-409]h:mm AM/PM;@", "14:24:00"),
    ("0.01", "mm:ss", "00:14:24"),
    ("2", "yyyy-mm-dd", "1900-01-02"),
    ("61", "yyyy-mm-dd", "1900-03-01"),  # 60 is a day that never was
    ("0", "yyyy-mm-dd", "1900-01-00"),
    ("-1", "yyyy-mm-dd", UNSHOWN),
    ("20251231", "yyyy-mm-dd", UNSHOWN),
    ("4", "0.00E+00", "4"),
]


@pytest.mark.parametrize(("saved", "code", "text"), SEEN)
def test_a_number_is_seen_as_its_format_shows_it(saved: str, code: str, text: str) -> None:
    assert seen(Decimal(saved), code).text == text


@pytest.mark.parametrize(
    ("code", "is_time", "is_day"),
    [
        ("yyyy-mm-dd", True, True),
        ("yyyy-mm-dd hh:mm", True, True),
        ('yyyy"年"m"月"', True, False),
        ("m/d", True, False),
        ("h:mm", True, False),
        ("#,##0.00", False, False),
        ('0"月"', False, False),
        ('0"d"', False, False),
        ("[Red]0.00", False, False),
    ],
)
def test_only_a_format_of_year_month_and_day_shows_a_day(code: str, is_time: bool, is_day: bool) -> None:
    found = seen(Decimal(46022), code)
    assert (found.is_time, found.day is not None) == (is_time, is_day)


def test_days_may_be_counted_from_1904() -> None:
    assert seen(Decimal(44560), "yyyy-mm-dd", from_1904=True).text == "2025-12-31"
    assert seen(Decimal(0), "yyyy-mm-dd", from_1904=True).text == "1904-01-01"


@pytest.mark.parametrize(
    ("saved", "code", "scale", "has_number"),
    [("4500", "#,##0.00,", 3, True), ("45000", "0!.0,", 4, True), ("5", ";;;", 0, False), ("5", "0", 0, True)],
)
def test_a_format_may_show_a_number_smaller_or_not_at_all(saved: str, code: str, scale: int, has_number: bool) -> None:
    section = section_of(code, Decimal(saved))
    assert (section.scale, section.has_number) == (scale, has_number)
