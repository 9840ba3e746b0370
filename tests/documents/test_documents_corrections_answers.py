"""A round of corrections: each finding of the version that came back with what was changed for it, how that is called,
what it did to the score."""

import datetime
from pathlib import Path

import places
import pytest
from corrected_workbooks import corrected, filed, last_paragraph, others_of, rows_of, text_of
from gongwen_check import check
from planting import at, planted
from workbooks import content, department, project

from perfeval.documents.corrections import write

GOLDEN = places.GOLDEN / "整改对照表.txt"
PLANTED = {
    ("指标", "检查粮铺", "实际完成值"): "约20个",
    ("压减", "一般性支出年初预算", "上年"): 0,
    ("收支", "收入合计", "年初预算数"): 440.66,
    ("收支", "全年单位实际支付数", "决算数"): "约570万",
    ("项目", "伙食团运行费", "入库日期"): datetime.date(2024, 11, 1),
}
CORRECTED = {
    "指标!I9": 20,
    "收支!B5": 450,
    "收支!D20": 520,
    "项目!R9": "上级年中新增项目。",
    "评分!F26": 3.79,
    # nobody asked for these
    "基本情况!B21": "王五",
    "项目!P15": "是",
}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("story")
    first = filed(planted(PLANTED), folder, "第一版")
    second = filed(corrected(first.document("退回修改.xlsx"), CORRECTED), folder, "第二版", first.path)
    return second.document("整改对照表.docx")


def test_the_whole_table_word_for_word(table: bytes) -> None:
    assert text_of(table) == GOLDEN.read_text(encoding="utf-8")


def test_it_is_in_the_official_format(table: bytes, tmp_path: Path) -> None:
    path = tmp_path / "表.docx"
    path.write_bytes(table)
    assert [line for line in check(str(path)) if line[0] == "ERROR"] == []


def answers(table: bytes) -> dict[str, list[str]]:
    """Code and own cell → cell, old, new, effect, response; of several cells the first."""
    return {f"{row[1].partition('：')[0].split()[1]} {row[2]}": row[2:] for row in rows_of(table) if row[0]}


def test_each_answer_has_its_cells_effect_and_name(table: bytes) -> None:
    found = answers(table)
    assert found["INDICATOR_003 「指标」I9"][1:] == ["约20个", "20", "指标“检查粮铺” 未评分 → 3 分", "已改正"]
    assert found["CUT_001 「压减」B5"][1:] == ["0", "未改动", "不涉及得分", "未回应"]
    assert found["MONEY_001 「收支」B5"][1:] == ["440.66", "450", "不涉及得分", "已改动但仍不符合"]
    assert found["CELL_002 「收支」D20"][1:] == ["约570万", "520", "执行结果 3.73 → 3.4 分（−0.33）", "已改正"]
    assert found["PROJECT_006 「项目」R9"][1:] == ["（空白）", "上级年中新增项目。", "不涉及得分", "已说明"]
    assert found["SCORE_005 「评分」F26"][1:] == ["4", "3.79", "得分不变", "已改正"]


def test_what_nobody_asked_for_is_listed(table: bytes) -> None:
    assert [row[:3] for row in others_of(table)] == [
        ["「基本情况」B21", "（空白）", "王五"],
        ["「项目」P15", "否", "是"],
    ]


def test_what_was_not_answered_is_in_the_end(table: bytes) -> None:
    unanswered = [row for row in rows_of(table) if row[0] and row[6] == "未回应"]
    assert last_paragraph(table).startswith(f"未回应 {len(unanswered)} 条：")
    assert "（CUT_001 「压减」B5）" in last_paragraph(table)
    assert "I9" not in last_paragraph(table)


def test_the_old_workbook_may_be_the_one_that_came_back(tmp_path: Path) -> None:
    """Its values are those of the filed one: the same bytes."""
    first = filed(planted(PLANTED), tmp_path, "第一版")
    returned = first.document("退回修改.xlsx")
    (tmp_path / "退回.xlsx").write_bytes(returned)
    again = corrected(returned, CORRECTED)
    tables = [
        filed(again, tmp_path, "第二版", path).document("整改对照表.docx")
        for path in (first.path, tmp_path / "退回.xlsx")
    ]
    assert tables[0] == tables[1]


def test_another_workbook_is_never_compared(tmp_path: Path) -> None:
    first = filed(planted(PLANTED), tmp_path, "第一版")
    other = tmp_path / "别的.xlsx"
    other.write_bytes(planted({}))
    second = filed(corrected(first.document("退回修改.xlsx"), CORRECTED), tmp_path, "第二版", other)
    assert [name for name in second.files if "整改" in name] == []


def test_nothing_changed_is_nothing_answered(tmp_path: Path) -> None:
    first = filed(planted(PLANTED), tmp_path, "第一版")
    table = filed(first.document("退回修改.xlsx"), tmp_path, "第二版", first.path).document("整改对照表.docx")
    assert {row[6] for row in rows_of(table) if row[0]} == {"未回应"}
    assert others_of(table) == []
    assert "总分：" in text_of(table)


def small(change=lambda sheets: None) -> bytes:
    sheets = department()
    sheets["收支"][8][3] = 44  # 项目支出 of the accounts against 43 in 项目, and 支出合计 besides
    change(sheets)
    return content(sheets)


def rows_for(code: str, table: bytes) -> list[list[str]]:
    """The rows of one finding, continued ones too."""
    found, inside = [], False
    for row in rows_of(table):
        inside = code in row[1].partition("：")[0] if row[0] else inside
        if inside:
            found.append(row)
    return found


def second_round(first: bytes, folder: Path, change) -> bytes:
    """The table after `change` was done to the open workbook that came back."""
    import io

    from openpyxl import load_workbook

    one = filed(first, folder, "第一版")
    book = load_workbook(io.BytesIO(one.document("退回修改.xlsx")))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return filed(buffer.getvalue(), folder, "第二版", one.path).document("整改对照表.docx")


def test_a_finding_moves_with_its_row(tmp_path: Path) -> None:
    """A row is put in above: the finding's cell is followed, and only the new row is reported besides."""

    def first(sheets) -> None:
        sheets["指标"][3][8] = None

    def change(book) -> None:
        book["指标"].insert_rows(2)
        for column, value in enumerate(["部门整体", "产出指标", "数量指标", "新增的一行", "≥", 1, "个", 0, 1], start=1):
            book["指标"].cell(2, column).value = value
        book["指标"]["I5"].value = "11月"

    table = second_round(small(first), tmp_path, change)
    (row,) = rows_for("INDICATOR_004", table)
    assert row[2:5] == ["「指标」I5（原 I4）", "（空白）", "11月"]
    assert {other[0] for other in others_of(table) if "指标" in other[0]} == {f"「指标」{c}2" for c in "ABCDEFGHI"}
    (whole,) = rows_for("INDICATOR_024", table)  # it is in the first row, whichever that is
    assert (whole[2:5], whole[6]) == (["「指标」A3（原 A2）", "部门整体", "未改动"], "未回应")


def test_a_row_taken_out_answers_its_finding(tmp_path: Path) -> None:
    def first(sheets) -> None:
        sheets["项目"].append(["P3", "空头项目", "常年", None, "约1万", 0, 0])

    def change(book) -> None:
        book["项目"].delete_rows(4)

    table = second_round(small(first), tmp_path, change)
    rows = rows_for("CELL_002", table)
    assert ["「项目」E4", "约1万", "（所在的行或列已删除）"] in [row[2:5] for row in rows]
    assert rows[0][6] == "已改正"
    assert rows_for("PROJECT_009", table)[0][6] == "已改动但仍不符合"  # it named three projects, two are left


def test_a_missing_sheet_that_was_put_in(tmp_path: Path) -> None:
    def first(sheets) -> None:
        del sheets["压减"]

    def change(book) -> None:
        sheet = book.create_sheet("压减")
        for row in department()["压减"]:
            sheet.append(row)

    table = second_round(small(first), tmp_path, change)
    (row,) = rows_for("SHEET_001", table)
    assert (row[2:5], row[6]) == (["「压减」", "（没有这张工作表）", "有这张工作表，填了 10 个单元格"], "已改正")
    assert [other for other in others_of(table) if "压减" in other[0]] == []


def test_a_sheet_that_got_its_name_back(tmp_path: Path) -> None:
    def first(sheets) -> None:
        sheets["压减表"] = sheets.pop("压减")

    def change(book) -> None:
        book["压减表"].title = "压减"

    table = second_round(small(first), tmp_path, change)
    (row,) = rows_for("SHEET_002", table)
    assert (row[4], row[6]) == ("工作表改名为“压减”", "已消除（因别处改动）")


def test_a_finding_mended_elsewhere_says_so(tmp_path: Path) -> None:
    """The total was right and an addend wrong: the addend is marked too, and shown."""

    def first(sheets) -> None:
        sheets["收支"][2][1] = 95  # 财政拨款收入 of 收入合计

    def change(book) -> None:
        book["收支"]["B3"].value = 90

    table = second_round(small(first), tmp_path, change)
    (row,) = [r for r in rows_for("MONEY_001", table) if "收入合计 年初预算数" in r[1]]
    assert (row[2:5], row[6]) == (["「收支」B3", "95", "90"], "已改正")


def test_several_cells_of_one_answer_are_below_each_other(tmp_path: Path) -> None:
    def first(sheets) -> None:
        sheets["收支"][2][1] = 95

    def change(book) -> None:
        book["收支"]["B2"].value, book["收支"]["B3"].value, book["收支"]["B4"].value = 101, 90, 11

    table = second_round(small(first), tmp_path, change)
    rows = rows_for("MONEY_001", table)[:3]
    assert [row[2:5] for row in rows] == [
        ["「收支」B2", "100", "101"],
        ["「收支」B3", "95", "90"],
        ["「收支」B4", "10", "11"],
    ]
    assert [row[0] for row in rows[1:]] == ["", ""]


def test_what_is_too_much_to_list_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "MOST_ROWS", 2)

    def change(book) -> None:
        for row in (2, 3, 4):
            book["收支"].cell(row, 5).value = "说明"

    table = second_round(small(), tmp_path, change)
    assert others_of(table)[-1] == []
    assert "另有 1 个单元格没有逐一列出：「收支」1 个。" in text_of(table)


def test_places_of_the_story_are_where_the_test_says() -> None:
    assert at("指标", "检查粮铺", "实际完成值") == "指标!I9"


def test_from_unscored_to_a_total_is_said_with_both(tmp_path: Path) -> None:
    """A project whose indicator could not be read has no total; corrected, it says from what to what."""
    sheets = project()
    sheets["基本情况"] = [
        ["指标体系", "cn-project-10-90"] if row[0] == "指标体系" else row for row in sheets["基本情况"]
    ]
    sheets["项目"] = sheets["项目"][:2]
    sheets["指标"][4][8] = "约96.5"
    first = filed(content(sheets), tmp_path, "第一版")
    returned = first.document("退回修改.xlsx")
    second = filed(corrected(returned, {"指标!I5": 96.5}), tmp_path, "第二版", first.path)
    text = text_of(second.document("整改对照表.docx"))
    assert "没有总分（含 1 项未评分）" in text
    assert "总分：未评分 → 100 分。" in text
    assert "得分有变化的指标：指标“群众满意度” 未评分 → 20 分。" in text
    assert "各项指标的得分没有变化" not in text


@pytest.mark.parametrize(("cell", "words", "response"), [
    ("问题与建议!D5", "办公室", "已改正"),  # what was left out is filled in
    ("指标!K5", "企业家数以批复的补助计划为限", "已说明"),
    ("指标!K5", "同上", "已改动但仍不符合"),
])  # fmt: skip
def test_what_is_filled_in_is_a_correction_and_a_reason_an_answer(
    cell: str, words: str, response: str, tmp_path: Path
) -> None:
    first = filed(planted({"问题与建议!D5": None, "收支!B5": 440.66}), tmp_path, "第一版")
    second = filed(corrected(first.document("退回修改.xlsx"), {cell: words}), tmp_path, "第二版", first.path)
    place = f"「{cell.partition('!')[0]}」{cell.partition('!')[2]}"
    found = [row[6] for row in rows_of(second.document("整改对照表.docx")) if row[2] == place]
    assert response in found
