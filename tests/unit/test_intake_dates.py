"""Dates in whatever form they come, as exact as they are shown; digits that are dates, and numbers that are none."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from changes import Change, both, put, read, reported, taken
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from planting import regulations

from perfeval.model.cells import State
from perfeval.model.readings import DateSpan, Number, Reading, show_span
from perfeval.rules.engine import score

YEAR_MONTH, MONTH_DAY, WHOLE_DAY = 'yyyy"年"m"月"', 'm"月"d"日"', "yyyy-mm-dd"
Value = object | tuple[object, str]  # a value, or one with the format of its cell


def row(
    target: Value, actual: Value, *, unit: str | None = None, name: str = "完成时间", level: str = "时效指标"
) -> Change:
    """The third indicator, ≤, with another value and a reason."""
    cells: dict[str, Value] = {
        "C": level, "D": name, "E": "≤", "F": target, "G": unit, "I": actual, "K": "施工许可办理较晚",
    }  # fmt: skip
    return both(
        *(
            put("指标", f"{column}4", *(value if isinstance(value, tuple) else (value,)))
            for column, value in cells.items()
        )
    )


def met(change: Change, folder: Path) -> bool | None:
    """Whether the indicator was met; None where it is not scored."""
    submission = read(change, folder)
    card = score(submission, regulations()["sichuan-dept-65-35"])
    return next(s.met for s in card.indicators if s.indicator.row == 4)


ON_TIME: list[tuple[Value, Value]] = [
    (20251231, 20251220),
    (202512, 202511),
    (2025.12, 2025.11),
    (2025, 2025),
    (46022, 46010),
    ("2025-12-31", 20251230),
    ("2025-12-31", 46010),
    ("12月底前", 202511),
    ("2025/12", "2025/11"),
    ("2025-12", "2025-9"),
    ("2025-12-31 18:00", "2025-12-31 23:59:59"),
    ("2025年12月31日（星期三）", "2025 年 12 月 30 日"),
    ("二〇二五年十二月底前", "二〇二五年十一月三十日"),
    ("2025年第四季度", "2025年第三季度"),
    ((datetime(2025, 12, 1), YEAR_MONTH), (datetime(2025, 12, 20), WHOLE_DAY)),
    (("2025年12月"), (datetime(2025, 12, 20), WHOLE_DAY)),
    ("2025-12-31", (datetime(2025, 12, 1), YEAR_MONTH)),
    ("2025-12-31", (datetime(2026, 12, 20), MONTH_DAY)),
    ((datetime(2026, 12, 31), MONTH_DAY), (datetime(2026, 12, 20), "d-mmm")),
]
LATE: list[tuple[Value, Value]] = [
    (20251231, 20260115),
    ("20251231", "２０２６０１１５"),
    ("≤20251231", 20260115),
    (202512, 202601),
    ("2025.12", "2026.1"),
    (2025, 2026),
    (46022, 46037),
    ("2025-12-31", 20260101),
    ("2025/12", "2026/1"),
    ("2025-12", "2026-01"),
    ("２０２５年１２月", "2026年 1 月"),
    ((datetime(2026, 12, 31), MONTH_DAY), (datetime(2026, 1, 15), WHOLE_DAY)),
    ((datetime(2025, 11, 1), YEAR_MONTH), (datetime(2025, 12, 1), YEAR_MONTH)),
]


@pytest.mark.parametrize(("target", "actual"), ON_TIME)
def test_on_time_by_the_precision_that_is_shown(target: Value, actual: Value, tmp_path: Path) -> None:
    assert met(row(target, actual), tmp_path) is True


@pytest.mark.parametrize(("target", "actual"), LATE)
def test_late_is_late_however_it_is_written(target: Value, actual: Value, tmp_path: Path) -> None:
    assert met(row(target, actual), tmp_path) is False


NUMBERS: list[tuple[object, object, str | None, str, str]] = [  # 指标值, 实际完成值, 计量单位, 三级指标, 二级指标
    (30, 25, "天", "办理天数", "时效指标"),
    (365, 360, "天", "完成时限", "时效指标"),
    (2025, 2020, "天", "完成时限", "时效指标"),
    (46022, 45000, "天", "完成时限", "时效指标"),
    (100, 98, "%", "工资发放及时率", "时效指标"),
    (20251231, 20251230, "元", "设备购置费", "经济成本指标"),
    (202512, 202511, "元", "设备购置费", "经济成本指标"),
    (2025.12, 2025.11, "万元", "设备购置费", "经济成本指标"),
    (2025, 2024, "人", "补助人数", "数量指标"),
    (2025, 2024, None, "补助人数", "数量指标"),
    (46000, 45000, None, "设备购置费", "经济成本指标"),
    (12.5, 11.2, "天", "完成时限", "时效指标"),
    (1.5, 1.2, None, "平均响应时间", "时效指标"),
    (1231, 1220, "户", "补助户数", "数量指标"),
    (12.31, 12.2, "万元", "设备购置费", "经济成本指标"),
    (120, 115, None, "平均等待时间", "时效指标"),
]


@pytest.mark.parametrize(("target", "actual", "unit", "name", "level"), NUMBERS)
def test_real_numbers_stay_numbers(
    target: object, actual: object, unit: str | None, name: str, level: str, tmp_path: Path
) -> None:
    change = row(target, actual, unit=unit, name=name, level=level)
    indicator = read(change, tmp_path).indicators[2]
    assert (indicator.target.value, indicator.actual.value) == (
        Number(Decimal(str(target))),
        Number(Decimal(str(actual))),
    )
    assert reported(change, tmp_path) == []


ASKED: list[tuple[str, str, Change]] = [
    ("January or October", "指标!I4", row(2025.12, 2026.1)),
    ("a day shown beside a number", "指标!F4", row((46000, WHOLE_DAY), 47000, name="标准", level="经济成本指标")),
    ("a day shown beside a smaller number", "指标!F4", row((46000, WHOLE_DAY), 300, name="标准", level="经济成本指标")),
    (
        "a number shown as a day beside a number",
        "指标!I4",
        row(46000, (45000, WHOLE_DAY), name="标准", level="成本指标"),
    ),
]


@pytest.mark.parametrize(("what", "place", "change"), ASKED, ids=[what for what, *_ in ASKED])
def test_what_may_be_either_is_asked_at_its_cell_and_not_scored(
    what: str, place: str, change: Change, tmp_path: Path
) -> None:
    assert [ref for code, ref in reported(change, tmp_path) if code == "CELL_024"] == [place]
    assert met(change, tmp_path) is None


@pytest.mark.parametrize(("target", "actual"), [(12.31, 12.2), ("12.31", "1.15"), (1231, 1220), (12.31, 1.5)])
def test_days_without_a_year_are_asked_about_too(target: object, actual: object, tmp_path: Path) -> None:
    assert reported(row(target, actual), tmp_path)[-2:] == [("CELL_024", "指标!F4"), ("CELL_024", "指标!I4")]


def test_two_numbers_that_may_be_months_are_both_asked_about(tmp_path: Path) -> None:
    change = row(202512, 202601, name="补助", level="数量指标")
    assert reported(change, tmp_path) == [("CELL_024", "指标!F4"), ("CELL_024", "指标!I4")]
    assert reported(row(202512, 180000, name="补助", level="数量指标"), tmp_path) == []


@pytest.mark.parametrize(
    ("unit", "value", "code"),
    [
        ("元", 46000, WHOLE_DAY),
        ("人次", 45800, YEAR_MONTH),
        ("人", 12, MONTH_DAY),
        ("元/月", 3000.5, "m/d/yyyy"),
        ("小时", 0.5, "h:mm"),
        ("天", 30, WHOLE_DAY),  # 30 January 1900
    ],
)
def test_a_number_that_is_counted_is_no_date_and_its_neighbour_is_not_blamed(
    unit: str, value: object, code: str, tmp_path: Path
) -> None:
    result = taken(row(46000, (value, code), unit=unit, name="标准", level="数量指标"), tmp_path)
    assert [(f.code, str(f.ref)) for f in result.findings] == [("CELL_002", "指标!I4")]
    assert f"存的是 {value}" in result.findings[0].fix
    assert "改为“常规”" in result.findings[0].fix


@pytest.mark.parametrize("day", [20251331, 20250230])
def test_digits_of_no_day_are_no_number(day: int, tmp_path: Path) -> None:
    assert ("CELL_012", "指标!F4") in reported(row(day, 20251220), tmp_path)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        *((text, 6) for text in ("6", "６月", "6 月末", "6月份", "2025年6月", "2025 年 6 月", "2025.6", "2025-06", "2025/6")),
        *((text, 6) for text in ("第二季度", "2025年第二季度", "上半年", "1-6月", "2025年1-6月", "截至6月底", "2025年6月30日")),
        ("前三季度", 9),
        ("2025年", 12),
        (2025.6, 6),
        (202506, 6),
        ((datetime(2025, 6, 1), YEAR_MONTH), 6),
        ((datetime(2025, 6, 30), WHOLE_DAY), 6),
        ("2025.10", 10),
        (2025.1, None),
        ("2024年6月", None),
        ("6月15日", None),
        ("6月前", None),
        ((datetime(2025, 1, 6), MONTH_DAY), None),
    ],
)  # fmt: skip
def test_the_month_up_to_whose_end_was_spent(typed: Value, month: int | None, tmp_path: Path) -> None:
    change = put("支出进度", "A2", *(typed if isinstance(typed, tuple) else (typed,)))
    cell = read(change, tmp_path).progress[0].month
    assert (cell.value, cell.state) == (month, State.READ if month else State.UNREADABLE)
    assert month or reported(change, tmp_path) == [("CELL_002", "支出进度!A2")]


@pytest.mark.parametrize(
    "typed",
    [
        "2024 年 9 月 20 日",
        "2024-09-20 08:30",
        "2024-9-20 8:30:15",
        "2024/9/20 0:00",
        "2024-09-20T08:30:00",
        "2024年9月20日上午",
        "2024年9月20日 下午3时",
        "２０２４－０９－２０",
        "2024.9.20",
        "20240920",
        20240920,
        45555,
        "二〇二四年九月二十日",
        (datetime(2024, 9, 20, 8, 30), "yyyy-mm-dd hh:mm"),
        (datetime(2024, 9, 20), "d-mmm-yy"),
    ],
)
def test_a_day_with_spaces_a_clock_or_in_words(typed: Value, tmp_path: Path) -> None:
    change = put("项目", "I2", *(typed if isinstance(typed, tuple) else (typed,)))
    assert read(change, tmp_path).projects[0].entry_date.value == date(2024, 9, 20)


@pytest.mark.parametrize(
    "typed",
    [(datetime(2024, 9, 1), YEAR_MONTH), (datetime(2026, 9, 20), MONTH_DAY), (20240920, WHOLE_DAY), (-5, WHOLE_DAY)],
)
def test_a_day_that_is_not_shown_is_asked_for_with_the_format(typed: tuple[object, str], tmp_path: Path) -> None:
    result = taken(put("项目", "I2", *typed), tmp_path)
    assert [(f.code, str(f.ref)) for f in result.findings] == [("CELL_002", "项目!I2")]
    assert "先把单元格格式改为“文本”" in result.findings[0].fix


@pytest.mark.parametrize(("value", "code"), [(2, WHOLE_DAY), (0, "h:mm:ss"), (0, WHOLE_DAY), (90, MONTH_DAY)])
def test_an_amount_of_a_date_format_says_how_to_mend_it(value: int, code: str, tmp_path: Path) -> None:
    finding = taken(put("收支", "B3", value, code), tmp_path).findings[0]
    assert (finding.code, str(finding.ref)) == ("CELL_002", "收支!B3")
    assert f"改为“常规”，再核对这个数（存的是 {value}）" in finding.fix


@pytest.mark.parametrize(
    ("value", "code", "printed"),
    [
        (datetime(2026, 6, 1), YEAR_MONTH, "2026年6月"),
        (datetime(2026, 6, 30), MONTH_DAY, "6月30日"),
        (datetime(2026, 6, 30), WHOLE_DAY, "2026-06-30"),
    ],
)
def test_a_deadline_is_printed_as_it_is_shown(value: object, code: str, printed: str, tmp_path: Path) -> None:
    assert read(put("问题与建议", "E2", value, code), tmp_path).problems[0].deadline.value == printed


@pytest.mark.parametrize("code", [WHOLE_DAY, "General"])
def test_days_counted_from_1904(code: str, tmp_path: Path) -> None:
    days = (date(2024, 9, 20) - date(1904, 1, 1)).days

    def change(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        both(put("项目", "I2", days, code), row("2025-12-31", days + 400))(book)

    submission = read(change, tmp_path)
    assert submission.projects[0].entry_date.value == date(2024, 9, 20)
    assert submission.indicators[2].actual.value == DateSpan(date(2025, 10, 25), date(2025, 10, 25))


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (DateSpan(date(2025, 1, 1), date(2025, 12, 31)), "2025年"),
        (DateSpan(date(2025, 2, 1), date(2025, 2, 28)), "2025年2月"),
        (DateSpan(date(2025, 2, 28), date(2025, 2, 28)), "2025年2月28日"),
        (DateSpan(None, date(2025, 2, 28)), "2025年2月28日"),
        (DateSpan(date(2025, 10, 1), date(2025, 12, 31)), "2025年12月31日"),
    ],
)
def test_a_span_is_named_no_more_exactly_than_it_is(reading: Reading, words: str) -> None:
    assert isinstance(reading, DateSpan)
    assert show_span(reading) == words
