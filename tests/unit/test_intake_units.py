"""Units and comparators, typed or shown by a cell's format: what is converted, what is compared, what is asked."""

from decimal import Decimal
from pathlib import Path

import pytest
from changes import both, put, read, reported, taken

from perfeval.filing.typed.units import converted, why_not
from perfeval.model.cells import Cell
from perfeval.model.readings import Number, Reading

D = Decimal
Value = object | tuple[object, str]

CONVERTED = [  # number, its unit, wanted unit, what comes out
    (24, "个月", "年", "2"),
    (2, "年", "个月", "24"),
    (6, "月", "年", "0.5"),
    (1, "年", "季度", "4"),
    (90, "分钟", "小时", "1.5"),
    (1.5, "小时", "分钟", "90"),
    (100, "分钟", "小时", "1.666667"),
    (120, "秒", "分钟", "2"),
    (2, "周", "天", "14"),
    (30, "亩", "公顷", "2"),
    (2, "公顷", "亩", "30"),
    (1.2, "亩", "平方米", "800"),
    (1500, "亩", "平方公里", "1"),
    (1, "万亩", "公顷", "666.666667"),
    (500, "斤", "公斤", "250"),
    (3, "立方米", "升", "3000"),
    (2500, "米", "公里", "2.5"),
    (4, "次/年", "次", "4"),
    (4, "次", "次/年", "4"),
    (1.2, "万元/年", "元", "12000"),
    (14.5, "千元/月", "元/月", "14500"),
    (5, "万", "元", "50000"),
]
NOT_CONVERTED = [  # unit, wanted unit, a word of the reason
    ("吨", "家", "固定的比例"),
    ("人", "户", "人数不同"),
    ("人次", "人", "不止一次"),
    ("天", "小时", "24 小时"),
    ("小时", "天", "24 小时"),
    ("个月", "天", "天数不同"),
    ("工作日", "天", "休息日"),
    ("次/月", "次", "期间"),
    ("元/月", "元/年", "期间"),
    ("学时", "小时", "学时"),
]


@pytest.mark.parametrize(("number", "unit", "wanted", "result"), CONVERTED)
def test_a_number_is_converted_exactly(number: float, unit: str, wanted: str, result: str) -> None:
    assert converted(D(str(number)), unit, wanted) == D(result)


@pytest.mark.parametrize(("unit", "wanted", "reason"), NOT_CONVERTED)
def test_what_has_no_factor_is_not_converted_and_says_why(unit: str, wanted: str, reason: str) -> None:
    assert converted(D(1), unit, wanted) is None
    assert reason in why_not(unit, wanted)


def test_the_reason_stands_in_the_finding(tmp_path: Path) -> None:
    finding = taken(
        both(put("指标", "F2", 48), put("指标", "G2", "小时"), put("指标", "I2", "2天")), tmp_path
    ).findings[0]
    assert (finding.code, str(finding.ref)) == ("CELL_006", "指标!I2")
    assert "：一天可能按 24 小时，也可能按 8 小时工作时间算。" in finding.message


def number(cell: Cell[Reading]) -> tuple[Decimal, str | None]:
    assert isinstance(cell.value, Number)
    return cell.value.value, cell.value.comparator


SHOWN: list[tuple[str | None, str | None, Value, Value, object, object, list[str]]] = [
    # 指标性质, 计量单位, 指标值, 实际完成值 with their formats → as read, and what is reported
    ("≤", "元", 45000, (4.5, '0.0"万元"'), D(45000), D(45000), ["CELL_005 I2"]),
    ("≤", "元", 45000, (4.5, "0.0\\万\\元"), D(45000), D(45000), ["CELL_005 I2"]),
    ("≤", "元", 45000, (45000, '[>=10000]0!.0,"万元";0"元"'), D(45000), D(45000), []),
    ("≤", "元", 45000, (4.5, '[>=1]0.0"万元";0"元"'), D(45000), D(45000), ["CELL_005 I2"]),
    ("≤", "元/月", 15000, (14.5, '0.0"千元/月"'), D(15000), D(14500), ["CELL_005 I2"]),
    ("=", "元/月", 15000, (15000, '#,##0"元/月"'), D(15000), D(15000), []),
    ("=", None, 15000, (15000, '#,##0"元/月"'), D(15000), D(15000), []),
    ("=", "元", 50, (50, '"￥"#,##0.00'), D(50), D(50), []),
    ("=", "%", (95, '0"%"'), (0.96, "0.0%"), D(95), D(96), []),
    (None, "%", (95, '"≤"0"%"'), 90, (D(95), "≤"), D(90), []),
    (None, "%", (0.95, '"≥"0.0%'), (0.96, "0%"), (D(95), "≥"), D(96), ["CELL_005 F2"]),
    ("≥", "所", 4, (4, '0"所学校"'), D(4), D(4), ["CELL_019 I2"]),  # no unit: the number, reported
    ("≤", "%", (95, '"≥"0"%"'), 90, None, D(90), ["CELL_020 F2"]),
    ("=", "家", 50, (50, '0"人"'), D(50), None, ["CELL_006 I2"]),
]


@pytest.mark.parametrize(("nature", "unit", "target", "actual", "goal", "done", "findings"), SHOWN)
def test_what_a_format_shows_counts_like_what_is_typed(
    nature: str | None,
    unit: str | None,
    target: Value,
    actual: Value,
    goal: object,
    done: object,
    findings: list[str],
    tmp_path: Path,
) -> None:
    change = both(
        put("指标", "E2", nature),
        put("指标", "G2", unit),
        *(
            put("指标", address, *(value if isinstance(value, tuple) else (value,)))
            for address, value in (("F2", target), ("I2", actual))
        ),
    )
    indicator = read(change, tmp_path).indicators[0]
    for cell, wanted in ((indicator.target, goal), (indicator.actual, done)):
        if wanted is None:
            assert cell.value is None
        else:
            assert number(cell) == (wanted if isinstance(wanted, tuple) else (wanted, None))
    assert [f"{code} {ref.partition('!')[2]}" for code, ref in reported(change, tmp_path)] == findings


@pytest.mark.parametrize(
    ("value", "code", "amount", "findings"),
    [
        (90, '0.00"万元"', D(90), []),
        (900000, '#,##0"元"', D(90), ["CELL_005"]),
        (0.009, '0.000"亿元"', D(90), ["CELL_005"]),
        (90, '_ ¥* #,##0.00_ ;_ ¥* \\-#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', D(90), []),
        (90, "#,##0.00;[Red]-#,##0.00", D(90), []),
        (90, '0"人"', None, ["CELL_006"]),
        (90, ";;;", D(90), ["CELL_015"]),
    ],
)
def test_amounts_of_a_format_with_a_unit(
    value: object, code: str, amount: Decimal | None, findings: list[str], tmp_path: Path
) -> None:
    change = put("收支", "B3", value, code)
    assert read(change, tmp_path).money.appropriation.initial.value == amount
    assert [found for found, _ in reported(change, tmp_path)] == findings


def test_a_zero_that_is_not_shown_stays_a_zero(tmp_path: Path) -> None:
    change = put("收支", "B5", 0, '#,##0.00;-#,##0.00;"-"')
    assert read(change, tmp_path).money.unit_funds.initial.value == 0
    assert reported(change, tmp_path) == []


def test_the_words_of_a_format_are_named_in_the_remedy(tmp_path: Path) -> None:
    finding = taken(both(put("指标", "G2", "家"), put("指标", "I2", 5, '0"人"')), tmp_path).findings[0]
    assert finding.fix.endswith("这些字是单元格格式显示出来的，请先把单元格格式改为“常规”。")


@pytest.mark.parametrize("word", ["经常", "经常性", "经常项目", "常年项目"])
def test_words_for_a_standing_project(word: str, tmp_path: Path) -> None:
    assert read(put("项目", "C2", word), tmp_path).projects[0].type.value == "常年"


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("B2", "#N/A"),
        ("B2", "#REF!"),
        ("A2", "#VALUE!"),
        ("R2", "#DIV/0!"),
        ("B2", "校舍维修#REF!"),
        ("B2", "＃Ｎ／Ａ"),
    ],
)
def test_an_error_pasted_as_text_is_asked_about(address: str, text: str, tmp_path: Path) -> None:
    def change(book: object) -> None:
        put("项目", address, text)(book)  # type: ignore[arg-type]
        book["项目"][address].data_type = "s"  # type: ignore[index]

    assert reported(change, tmp_path) == [("CELL_008", f"项目!{address}")]


@pytest.mark.parametrize("name", ["#重点工作", "1#教学楼维修", "#1楼维修", "C#课程"])
def test_a_name_may_hold_the_sign(name: str, tmp_path: Path) -> None:
    assert read(put("项目", "B2", name), tmp_path).projects[0].name.value == name
