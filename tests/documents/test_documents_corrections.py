"""整改对照表.docx: every change that was planted is reported with its old and its new content, and nothing else is; each
finding with what became of it."""

import io
import random
from collections.abc import Callable
from decimal import Decimal

import pytest
import xlsxwriter
from workbooks import Sheets, content, department
from workbooks import workbook as open_workbook

from perfeval.documents.corrections.cells import Comparison, compare
from perfeval.documents.corrections.effects import moved
from perfeval.documents.corrections.write import side_by_side
from perfeval.excel.read import read_workbook
from perfeval.model.cells import CellRef

Change = Callable[[Sheets], object]


def put(sheet: str, row: int, column: int, value: object) -> Change:
    """Row and column as the workbook counts them."""

    def change(sheets: Sheets) -> None:
        line = sheets[sheet][row - 1]
        line += [None] * (column - len(line))
        line[column - 1] = value

    return change


def changed(*changes: Change, base: Callable[[], Sheets] = department) -> Sheets:
    sheets = base()
    for change in changes:
        change(sheets)
    return sheets


def compared(old: Sheets, new: Sheets) -> Comparison:
    return compare(read_workbook(content(old), "旧.xlsx"), read_workbook(content(new), "新.xlsx"))


def reported(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Place, old and new content; a place that moved as 旧→新."""

    def place(old: CellRef | None, new: CellRef | None) -> str:
        return str(new) if old in (None, new) else f"{old}→{new or ''}"

    return [(place(c.old, c.new), c.before, c.after) for c in comparison.changes]


CASES: dict[str, tuple[list[Change], list[tuple[str, str, str]]]] = {
    "nothing": ([], []),
    "a number": ([put("项目", 3, 7, 24)], [("项目!G3", "23", "24")]),
    "a text": ([put("基本情况", 4, 2, "县教育和体育局")], [("基本情况!B4", "县教育局", "县教育和体育局")]),
    "written in": ([put("收支", 7, 5, "追加拨款")], [("收支!E7", "", "追加拨款")]),
    "emptied": ([put("项目", 3, 7, None)], [("项目!G3", "23", "")]),
    "spaces are no change": ([put("基本情况", 4, 2, " 县教育局　")], []),
    "a number typed as text is shown alike": ([put("项目", 3, 7, "23")], []),
    "a row put in": (
        [lambda s: s["项目"].insert(2, ["P9", "新项目", "常年", None, 1, 1, 1])],
        [("项目!A3", "", "P9"), ("项目!B3", "", "新项目"), ("项目!C3", "", "常年"), *((f"项目!{c}3", "", "1") for c in "EFG")],
    ),
    "a row put in above a changed one": (
        [put("项目", 3, 7, 24), lambda s: s["项目"].insert(2, ["P9"])],
        [("项目!A3", "", "P9"), ("项目!G3→项目!G4", "23", "24")],
    ),
    "a row taken out": (
        [lambda s: s["控制支出"].pop(1)],
        [("控制支出!A2→", "公务接待费", ""), ("控制支出!B2→", "2", ""), ("控制支出!C2→", "1.32", "")],
    ),
    "a row taken out above a changed one": (
        [put("机构职能", 3, 2, "管好学校。"), lambda s: s["机构职能"].pop(1)],
        [("机构职能!B3→机构职能!B2", "管理学校。", "管好学校。"), ("机构职能!A2→", "1", ""), ("机构职能!B2→", "贯彻教育方针。", "")],
    ),
    "a column put in": (
        [lambda s: [row.insert(1, "备注" if n == 0 else None) for n, row in enumerate(s["压减"])], put("压减", 2, 3, 20)],
        [("压减!B1", "", "备注"), ("压减!B2→压减!C2", "21", "20")],
    ),
    "a header mended": ([put("收支", 1, 4, "决算")], [("收支!D1", "决算数", "决算")]),
    "a sheet renamed": (
        [put("压减", 2, 2, 20), lambda s: s.__setitem__("压减表", s.pop("压减"))],
        [("压减!B2→压减表!B2", "21", "20")],
    ),
    "a sheet put in": ([lambda s: s.__setitem__("附件", [["说明"]])], [("附件!A1", "", "说明")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_change_is_reported_with_its_old_and_new_content(case: str) -> None:
    changes, expected = CASES[case]
    assert reported(compared(department(), changed(*changes))) == expected


@pytest.mark.parametrize("case", CASES)
def test_the_other_way_round_shows_the_same_cells(case: str) -> None:
    changes, expected = CASES[case]
    back = reported(compared(changed(*changes), department()))
    assert sorted((after, before) for _, before, after in back) == sorted(
        (before, after) for _, before, after in expected
    )


def test_a_format_that_shows_another_number_is_a_change() -> None:
    old, new = open_workbook(department()), open_workbook(department())
    for book, code in ((old, "0.00"), (new, "0.00%")):
        book["履职数据"]["F3"].value, book["履职数据"]["F3"].number_format = 0.995, code
    comparison = compare(read_workbook(content(old), "旧.xlsx"), read_workbook(content(new), "新.xlsx"))
    assert reported(comparison) == [("履职数据!F3", "0.995", "99.5%")]


def test_what_a_formula_gives_is_marked() -> None:
    sheets = department()
    sheets["收支"][1][3] = "=D3+D4"
    comparison = compared(department(), sheets)
    assert [(str(c.new), c.after, c.by_formula, c.follows) for c in comparison.changes] == [
        ("收支!D2", "（公式没有算出结果）", True, False)
    ]


@pytest.mark.parametrize(("formula", "follows"), [("=D3+D4", True), ("=D3 + $D4", True), ("=D3+D4+1", False)])
def test_a_formula_nobody_touched_follows_the_others(formula: str, follows: bool) -> None:
    """Its saved result is another; a formula that was rewritten is a change like any other."""
    books = []
    for text, result in (("=D3+D4", 110), (formula, 111)):
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer)
        book.add_worksheet("收支").write_formula("D2", text, None, result)
        book.close()
        books.append(read_workbook(buffer.getvalue(), "填报.xlsx"))
    (change,) = compare(*books).changes
    assert (change.before, change.after, change.by_formula, change.follows) == ("110", "111", True, follows)


def test_random_changes_are_reported_exactly() -> None:
    """Numbers and words planted anywhere below the headers, rows put in and taken out: what is reported is what was
    planted."""
    choice = random.Random(20260120)
    for _ in range(40):
        old = department()
        for sheet in ("项目", "指标"):  # long enough for rows to move
            old[sheet] += [
                [f"{sheet}{n}", f"名称{n}", *(choice.randint(100, 999) for _ in range(6))] for n in range(12)
            ]
        new = {name: [list(row) for row in rows] for name, rows in old.items()}
        planted = {}
        for number in range(choice.randint(1, 12)):
            sheet = choice.choice(["项目", "指标", "收支", "评分", "基本情况"])
            row = choice.randrange(2, len(new[sheet]) + 1)
            column = choice.randrange(2, 4) if sheet == "基本情况" else choice.randrange(3, 6)
            put(sheet, row, column, f"改动{number}")(new)
            before = old[sheet][row - 1][column - 1] if column <= len(old[sheet][row - 1]) else None
            planted[sheet, row, column] = ("" if before is None else str(before), f"改动{number}")
        if choice.random() < 0.7:
            at = choice.randrange(6, 12)
            new["项目"].insert(at - 1, ["放进来的一行", 1, 2, 3])
            planted = {(s, r + (s == "项目" and r >= at), c): texts for (s, r, c), texts in planted.items()}
            planted |= {("项目", at, c): ("", text) for c, text in enumerate(("放进来的一行", "1", "2", "3"), start=1)}
        found = {(c.place.sheet, c.place.row, c.place.column): (c.before, c.after) for c in compared(old, new).changes}
        assert found == planted


def test_a_long_table_with_every_number_changed_and_a_row_put_in() -> None:
    """Too long to try every pairing: the rows are known by their names."""
    old, new = department(), department()
    for sheets, number in ((old, 1), (new, 2)):
        sheets["指标"] += [
            ["部门整体", "产出指标", "数量指标", f"指标{n}", "≥", 5, "个", 1, number] for n in range(150)
        ]
    new["指标"].insert(40, ["部门整体", None, None, "放进来的", None, None, None, None, 2])
    changes = compared(old, new).changes
    assert [(c.before, c.after) for c in changes if c.old] == [("1", "2")] * 150
    assert [(c.place.row, c.after) for c in changes if not c.old] == [(41, "部门整体"), (41, "放进来的"), (41, "2")]


LONG = "".join(f"第{n}项工作已经完成。" for n in range(40))
SIDES = {
    "short": ("约20个", "20", "约20个", "20"),
    "blank": ("", "20", "（空白）", "20"),
    "only a line break": ("甲\n乙", "甲 乙", "甲 乙", "甲 乙（只有空格或换行不同）"),
}


@pytest.mark.parametrize("case", SIDES)
def test_contents_side_by_side(case: str) -> None:
    before, after, *expected = SIDES[case]
    assert list(side_by_side(before, after)) == expected


def test_of_long_texts_the_part_that_differs_is_shown() -> None:
    before, after = side_by_side(LONG, LONG.replace("第30项", "第三十项"))
    assert (before, after) == (
        "……第29项工作已经完成。第30项工作已经完成。第31项……",
        "……第29项工作已经完成。第三十项工作已经完成。第31项……",
    )


def test_of_a_text_written_again_both_ends_are_shown_and_the_rest_is_counted() -> None:
    before, after = side_by_side("", LONG)
    assert before == "（空白）"
    assert after == f"{LONG[:80]}……（中间 {len(LONG) - 160} 字略）……{LONG[-80:]}"


SCORES = {("3.5", "3.73"): "3.5 → 3.73 分（+0.23）", ("4", "3.5"): "4 → 3.5 分（−0.5）", ("3", "3"): "3 → 3 分（不变）",
          (None, "3"): "未评分 → 3 分", ("3", None): "3 → 未评分"}  # fmt: skip


@pytest.mark.parametrize("scores", SCORES)
def test_a_score_before_and_after(scores: tuple[str | None, str | None]) -> None:
    before, after = (None if text is None else Decimal(text) for text in scores)
    assert moved(before, after) == SCORES[scores]
