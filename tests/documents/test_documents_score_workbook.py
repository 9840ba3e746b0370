"""评分表.xlsx: what is where, what is live, what is locked; and that LibreOffice comes to the same values."""

import io
import random
from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
import report_packages as packages
import scored_by_hand as by_hand
from departments import department
from libreoffice import count_formulas, disagreements
from openpyxl.cell import Cell as SheetCell
from submissions import submission as submission_of
from xlsxwriter_itself import by_xlsxwriter_itself

from perfeval.blank.examples import published_workbook
from perfeval.checks.context import Context
from perfeval.checks.run import run_checks
from perfeval.documents.evaluation import Evaluation
from perfeval.documents.score_workbook import write_score_workbook
from perfeval.excel import write
from perfeval.excel.write import display_width
from perfeval.filing.read_filing import read_filing
from perfeval.model.cells import State
from perfeval.model.submission import Submission

SHEETS = ["总评分表", "指标评分", "项目评分", "收支与压减", "问题清单", "计算过程", "规则与来源"]
HEADER_ROW = 3


def opened(content: bytes, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def cells(book: openpyxl.Workbook) -> Iterator[SheetCell]:
    yield from (cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)


def rows_by(book: openpyxl.Workbook, sheet: str, column: int) -> dict[object, tuple[SheetCell, ...]]:
    """The rows of a sheet by the value in one of their columns, counted from 0."""
    found: dict[object, tuple[SheetCell, ...]] = {}
    for row in book[sheet].iter_rows(min_row=HEADER_ROW + 1):
        found.setdefault(row[column].value, row)
    return found


@cache
def hand_written() -> bytes:
    return write_score_workbook(by_hand.package())


@cache
def published() -> Submission:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "公开稿.xlsx"
        path.write_bytes(published_workbook(packages.regulations()))
        submission = read_filing(path, "公开稿.xlsx").submission
    assert submission is not None
    return submission


def checked(submission: Submission) -> Evaluation:
    """Scored and checked, as in a run."""
    package = packages.package(submission)
    context = Context(submission, package.regulation, package.scorecard, packages.regulations())
    return replace(package, findings=run_checks(context))


@cache
def completed() -> bytes:
    return write_score_workbook(checked(packages.completed()))


class TestLayout:
    @pytest.mark.parametrize(
        "package", [by_hand.package(), by_hand.without_regulation()], ids=["scored", "unknown regulation"]
    )
    def test_sheets_and_print_set_up(self, package: Evaluation) -> None:
        book = opened(write_score_workbook(package))
        assert book.sheetnames == SHEETS
        for sheet in book:
            assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (
                9,
                1,
                0,
            )
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
            assert sheet.freeze_panes.endswith(str(HEADER_ROW + 1))
            assert "第 &P 页，共 &N 页" in sheet.oddFooter.center.text

    def test_a_table_too_wide_for_one_legible_page_goes_on_two_with_the_names_repeated(self) -> None:
        filed = packages.completed()
        name = str(filed.projects[0].name.value)
        wide = packages.with_indicators(filed, ["甲", "乙", "丙"], weight=30, subject=name)
        sheet = opened(write_score_workbook(packages.package(wide)))["项目评分"]
        assert sum(d.width * (d.max - d.min + 1) for d in sheet.column_dimensions.values()) > write.LEGIBLE_WIDTH
        assert (sheet.page_setup.fitToWidth, sheet.print_title_cols) == (2, "$A:$B")

    def test_a_title_wider_than_its_table_is_given_room(self) -> None:
        book = write.Book("甲", "乙")
        sheet = book.sheet("表")
        sheet.title("一个比它的表格宽得多的标题", "", 2)
        sheet.head(HEADER_ROW - 1, (write.Column("甲"), write.Column("乙")))
        sheet.finish(HEADER_ROW - 1, "")
        widths = opened(book.finish())["表"].column_dimensions
        assert sum(d.width * (d.max - d.min + 1) for d in widths.values()) >= 26 * 1.6

    def test_only_the_reviewers_columns_can_be_edited(self) -> None:
        sheet = opened(hand_written())["总评分表"]
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        headers = {cell.column: cell.value for cell in sheet[HEADER_ROW]}
        unlocked = {headers[cell.column] for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        assert unlocked == {"复核得分", "复核意见"}
        assert all(cell.value is None for row in sheet.iter_rows() for cell in row if not cell.protection.locked)

    @pytest.mark.parametrize("size", [None, (1, 5), (200, 400)], ids=["example", "smallest", "largest"])
    def test_no_number_is_wider_than_its_column(self, size: tuple[int, int] | None) -> None:
        content = write_score_workbook(department(3, *size).package) if size else completed()
        book, values = opened(content), opened(content, values=True)
        for sheet in values:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, int | float):
                        shown = f"{cell.value:,.2f}" if "0.00" in cell.number_format else str(cell.value)
                        shown = f"{cell.value:.2%}" if "%" in cell.number_format else shown
                        width = book[sheet.title].column_dimensions[cell.column_letter].width
                        assert display_width(shown) < width, f"{sheet.title}!{cell.coordinate}"

    def test_the_same_package_gives_the_same_bytes(self) -> None:
        assert write_score_workbook(by_hand.package()) == hand_written()


class TestTree:
    def test_scores_are_beside_declared_ones(self) -> None:
        rows = rows_by(opened(hand_written(), values=True), "总评分表", 0)
        assert [c.value for c in rows["A"][2:7]] == [60, 34.73, 65, 30.27, "下级合计"]
        assert [c.value for c in rows["A.2.2"][2:7]] == [15, 14.73, None, None, "计算（比率分值）"]
        assert [c.value for c in rows["A.2.1"][2:7]] == [25, "未评分", None, None, "未评分"]

    def test_scores_are_live(self) -> None:
        rows = rows_by(opened(hand_written()), "总评分表", 0)
        assert rows["A"][3].value == "=SUM(D5,D6)"
        assert rows["A.1"][3].value == "=E5"
        assert rows["A.2.2"][3].value == "=ROUND(C8*计算过程!F6/计算过程!G6,2)"
        assert rows["A.2.1"][3].value == "未评分"

    def test_total_grade_and_what_is_not_scored(self) -> None:
        row = rows_by(opened(hand_written(), values=True), "总评分表", 1)["综合得分"]
        assert [c.value for c in row[2:6]] == [100, 54.73, 98.5, None]  # what is not all scored differs from nothing
        assert row[7].value == "等级：差\n含 1 项未评分"

    def test_blocks_below_the_tree(self) -> None:
        rows = [[c.value for c in row[:5]] for row in opened(hand_written(), values=True)["总评分表"].iter_rows()]
        start = rows.index(["各部分得分", None, None, None, None])
        assert rows[start + 2 :] == [
            ["A.1", "履职效能", 20, 20, 1],
            ["A.2", "预算管理", 40, 14.73, 0.36825],
            ["B", "项目绩效", 40, 20, 0.5],
        ]

    def test_confidence_is_beside_each_item(self) -> None:
        rows = rows_by(opened(completed(), values=True), "总评分表", 0)
        assert (rows["A2.1"][8].value, rows["B3.3"][8].value) == ("待核", "推定")

    def test_the_completed_example(self) -> None:
        rows = rows_by(opened(completed(), values=True), "总评分表", 1)
        assert [rows[name][3].value for name in ("综合得分", "部门预算总体绩效", "执行结果", "实现效果")] == [
            98.94,
            65,
            3.73,
            2.21,
        ]

    def test_items_left_out_are_not_counted_and_the_total_is_rescaled(self) -> None:
        submission = with_not_applicable(packages.completed(), "pidu-dept-40-50-10")
        package = packages.package(submission, "pidu-dept-40-50-10")
        assert package.scorecard is not None
        assert package.scorecard.rescale_note
        book = opened(write_score_workbook(package))
        values = rows_by(opened(write_score_workbook(package), values=True), "总评分表", 1)
        assert "不计分" in {row[3].value for row in values.values()}
        assert rows_by(book, "总评分表", 1)["综合得分"][3].value.startswith("=ROUND(SUM(")
        assert values["综合得分"][3].value == pytest.approx(float(package.scorecard.total))


def with_not_applicable(submission: Submission, regulation: str) -> Submission:
    """评分 rows of another regulation, half marks everywhere, the last leaf 不涉及."""
    leaves = packages.regulations()[regulation].leaves()
    row = submission.scores[0]
    scores = [
        replace(
            packages.fill(
                row,
                item_id=i.id,
                item_name=i.name,
                declared=i.max_points / 2,
                applicable="不涉及" if i is leaves[-1] else "是",
            ),
            row=n,
        )
        for n, i in enumerate(leaves, 5)
    ]
    return replace(submission, scores=tuple(scores))


def in_own_rows(submission: Submission) -> Submission:
    """The indicators, each in a row of its own, as a reader finds them."""
    indicators = []
    for row, indicator in enumerate(submission.indicators, start=5):
        moved = {f.name: getattr(indicator, f.name) for f in fields(indicator) if f.name != "row"}
        placed = {name: cell._replace(ref=cell.ref._replace(row=row)) for name, cell in moved.items()}
        indicators.append(replace(indicator, row=row, **placed))
    return replace(submission, indicators=tuple(indicators))


def project_kind(regulation: str) -> Evaluation:
    return packages.package(in_own_rows(packages.project_kind(packages.completed(), regulation)))


class TestProjects:
    def test_share_items_count_live_marks(self) -> None:
        formulas, values = opened(hand_written()), opened(hand_written(), values=True)
        header = {cell.value: cell.column - 1 for cell in formulas["项目评分"][HEADER_ROW]}
        column = header["B\n项目绩效"]
        rows = rows_by(values, "项目评分", 1)
        assert [rows[name][column].value for name in ("校舍维修", "设备采购", "计入的项目数 N", "扣分的项目数 n")] == [
            0,
            1,
            2,
            1,
        ]
        counts = rows_by(formulas, "项目评分", 1)
        assert counts["计入的项目数 N"][column].value == "=COUNT(K4:K5)"
        assert counts["扣分的项目数 n"][column].value == "=SUM(K4:K5)"
        derivation = rows_by(formulas, "计算过程", 1)["B 项目绩效"]
        assert derivation[4].value == "数1 计入的项目数（个）：项目!B2:B3\n数2 扣分的项目数（个）：项目!B3"
        assert [c.value for c in derivation[5:7]] == ["=COUNT(项目评分!K4:K5)", "=SUM(项目评分!K4:K5)"]

    def test_class_sums(self) -> None:
        rows = rows_by(opened(completed(), values=True), "项目评分", 1)
        rates = {
            name: round(rows[name][8].value, 4)
            for name in ("常年项目合计（9个）", "阶段项目合计（含一次性）（10个）", "全部项目合计（19个）")
        }
        assert list(rates.values()) == [1, 0.9587, 0.9703]

    def test_a_sum_that_lacks_a_part_is_not_added_up(self) -> None:
        filed = packages.completed()
        first = replace(filed.projects[0], executed=packages.put(filed.projects[0].executed, None))
        book = opened(
            write_score_workbook(packages.package(replace(filed, projects=(first, *filed.projects[1:])))), values=True
        )
        rows = rows_by(book, "项目评分", 1)
        assert [c.value for c in rows[first.name.value][5:10]] == ["未填", 0, "无法计算", "无法计算", "无法计算"]
        assert rows["全部项目合计（19个）"][5].value == "有未填，未合计"
        assert rows["阶段项目合计（含一次性）（10个）"][5].value == pytest.approx(142.47)

    def test_many_projects_draw_only_the_lowest_rates(self) -> None:
        many = packages.with_projects(packages.completed(), [f"项目{i:03}" for i in range(200)])
        book = opened(write_score_workbook(packages.package(many)), values=True)
        assert rows_by(book, "项目评分", 0)["执行率最低的30个项目"]

    def test_a_long_name_in_the_list_of_the_lowest_is_given_height(self) -> None:
        many = packages.with_projects(packages.completed(), [f"项目{i:03}{'长' * 30}" for i in range(40)])
        sheet = opened(write_score_workbook(packages.package(many)), values=True)["项目评分"]
        head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "执行率最低的30个项目")
        assert sheet.row_dimensions[head + 2].height >= 2 * write.LINE_HEIGHT

    def test_a_project_workbook_has_a_total_for_each_project(self) -> None:
        package = project_kind("cn-project-10-90")
        assert package.scorecard is not None
        rows = [
            r
            for r in opened(write_score_workbook(package), values=True)["总评分表"].iter_rows()
            if r[1].value == "项目得分"
        ]
        totals = [float(p.total) if p.total is not None else "未评分" for p in package.scorecard.projects]
        assert [r[3].value for r in rows] == totals
        assert {type(total) for total in totals} == {float, str}  # the third has no indicators


def linked(book: openpyxl.Workbook, cell: SheetCell) -> object:
    """What is where a cell jumps to; of a score the name of its row."""
    sheet, _, address = cell.hyperlink.location.replace("'", "").partition("!")
    target = book[sheet][address]
    return book[sheet].cell(target.row, 2).value if sheet == "总评分表" else target.value


def numbers_of(row: tuple[SheetCell, ...]) -> list[tuple[str, object]]:
    """The numbers of a row of 计算过程, each with what is reported of it."""
    lines = [line.partition(" ") for line in str(row[4].value).splitlines() if line.startswith("数")]
    return [(reported, row[4 + int(label.removeprefix("数"))].value) for label, _, reported in lines]


def numbers_beside(book: openpyxl.Workbook, name: SheetCell) -> list[object]:
    """The numbers of the row a result's name jumps to."""
    sheet, _, address = name.hyperlink.location.replace("'", "").partition("!")
    return [cell.value for cell in book[sheet][book[sheet][address].row] if isinstance(cell.value, int | float)]


def with_values(nature: str, target: str, actual: str, unit: str = "") -> Evaluation:
    """The completed example with one indicator, whose cells say this."""
    row = {
        "适用对象": "部门整体",
        "一级指标": "产出指标",
        "三级指标": "甲",
        "指标性质": nature,
        "权重": "90",
        "自评得分": "81",
    }
    filed = packages.completed()
    one = submission_of({"指标": [{**row, "指标值": target, "实际完成值": actual, "计量单位": unit}]}).indicators
    return packages.package(replace(filed, indicators=one))


class TestIndicators:
    @pytest.mark.parametrize(
        ("target", "actual", "shown", "reported"),
        [
            ("20", "18", [20, 18], "指标值：指标!F4；实际完成值：指标!I4"),
            ("≥20件", "18件", [20, 18], "指标值（填报为“≥20件”）：指标!F4；实际完成值（填报为“18件”）：指标!I4"),
            ("20", "18.50", [20, 18.5], "指标值：指标!F4；实际完成值（填报为“18.50”）：指标!I4"),
        ],
    )
    def test_a_score_is_computed_from_the_numbers_of_its_row(
        self, target: str, actual: str, shown: list[float], reported: str
    ) -> None:
        content = write_score_workbook(with_values("≥", target, actual, "件"))
        row = rows_by(opened(content), "指标评分", 3)["甲"]
        assert [row[5].value, row[7].value, row[9].value] == [*shown, 90]
        assert (row[8].value, row[10].value) == ("=H4/F4", "=ROUND(J4*MAX(0,MIN(1,H4/F4)),2)")
        derivation = rows_by(opened(content), "计算过程", 1)["甲"]
        assert derivation[4].value == f"权重：指标!H4；{reported}"
        assert all(cell.value is None for cell in derivation[5:])

    def test_dates_stay_as_they_were_filed(self) -> None:
        content = write_score_workbook(with_values("≤", "2025年9月30日", "2025年10月5日"))
        row, derivation = (
            rows_by(opened(content), sheet, column)["甲"] for sheet, column in (("指标评分", 3), ("计算过程", 1))
        )
        assert [row[n].value for n in (5, 7, 8)] == ["2025年9月30日", "2025年10月5日", "—"]
        assert row[10].value == "=ROUND(0*J4,2)"
        assert "逾期不得分" in str(derivation[3].value)

    def test_words_stay_words_and_their_share_is_a_number_of_the_derivation(self) -> None:
        content = write_score_workbook(with_values("定性", "优良中低差", "良"))
        row, derivation = (
            rows_by(opened(content), sheet, column)["甲"] for sheet, column in (("指标评分", 3), ("计算过程", 1))
        )
        assert [row[n].value for n in (5, 7)] == ["优良中低差", "良"]
        assert row[10].value == f"=ROUND(J4*计算过程!F{derivation[0].row},2)"
        assert derivation[4].value == "权重：指标!H4\n数1 等次“良”（%）：指标!I4"

    def test_what_cannot_be_compared_says_why_and_keeps_its_words(self) -> None:
        content = write_score_workbook(with_values("≥", "20人", "18户"))
        row, derivation = (
            rows_by(opened(content), sheet, column)["甲"] for sheet, column in (("指标评分", 3), ("计算过程", 1))
        )
        assert [row[n].value for n in (5, 7, 10)] == ["20人", "18户", "未评分"]
        assert "单位" in str(derivation[3].value)


class TestMissing:
    def test_missing_amounts_are_never_zero(self) -> None:
        rows = rows_by(opened(write_score_workbook(packages.package(published())), values=True), "收支与压减", 0)
        assert [c.value for c in rows["支出合计"][1:6]] == [430.66, "未填", 570.41, "无法计算", "无法计算"]
        assert rows["复核：支出合计 − 各项之和"][2].value == "无法计算"

    def test_an_unreadable_cell_shows_what_is_there(self) -> None:
        filed = packages.completed()
        paid = filed.money.paid.final._replace(value=None, raw="约600", state=State.UNREADABLE)
        money = replace(filed.money, paid=replace(filed.money.paid, final=paid))
        rows = rows_by(
            opened(write_score_workbook(packages.package(replace(filed, money=money))), values=True), "收支与压减", 0
        )
        assert rows["　全年单位实际支付数"][3].value == "读不出：约600"

    def test_without_a_regulation_amounts_findings_and_sources_are_shown(self) -> None:
        book = opened(write_score_workbook(by_hand.without_regulation()), values=True)
        assert "指标体系" in book["总评分表"]["B4"].value
        assert rows_by(book, "收支与压减", 0)["支出合计"][3].value == 108
        assert book["问题清单"]["C4"].value == "MONEY_001"
        assert (
            rows_by(book, "规则与来源", 0)["填报工作簿 sha256"][1].value == by_hand.package().submission.source.sha256
        )


class TestFindings:
    def test_each_names_its_filed_cell_and_jumps_to_the_value(self) -> None:
        sheet = opened(hand_written())["问题清单"]
        rows = list(sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
        assert [row[1:4] for row in rows] == [
            ("错误", "MONEY_001", "收支!D2\n收入合计 决算数"),
            ("疑点（已说明）", "INDICATOR_003", "指标!J2\n自评得分"),
            ("提示", "SHEET_004", "草稿!A1"),
            ("提示", "FILE_001", "整个文件"),
        ]
        assert sheet["K4"].hyperlink.location == "'收支与压减'!D4"
        assert opened(hand_written(), values=True)["收支与压减"]["D4"].value == 110
        assert [row[10] for row in rows[2:]] == ["—", "—"]
        assert [row[8] for row in rows] == ["", "按县里口径计分。", "", ""]

    def test_every_link_of_the_examples_jumps_to_a_filled_cell(self) -> None:
        book = opened(write_score_workbook(checked(published())))
        links = [cell.hyperlink.location for cell in cells(book) if cell.hyperlink]
        assert len(links) > 30
        for link in links:
            sheet, _, address = link.replace("'", "").partition("!")
            assert book[sheet][address].value is not None, link


class TestText:
    def test_text_is_never_a_formula_and_is_cleaned(self) -> None:
        filed = by_hand.submission()
        names = ["=1+1", "+加\x0b号", "-减\u202e号", "@甲", "&<〔〕乙"]
        projects = tuple(replace(packages.fill(filed.projects[0], name=name), row=n) for n, name in enumerate(names, 2))
        filed = replace(filed, projects=projects)
        package = packages.package(filed)
        sheet = opened(write_score_workbook(package))["项目评分"]
        shown = [sheet.cell(row, 2) for row in range(HEADER_ROW + 1, HEADER_ROW + 6)]
        assert [c.value for c in shown] == ["=1+1", "+加号", "-减号", "@甲", "&<〔〕乙"]
        assert {c.data_type for c in shown} == {"s"}


class TestDerivation:
    @pytest.mark.parametrize(
        "package", [packages.package(packages.completed()), department(5, 20, 60).package], ids=["example", "generated"]
    )
    def test_each_operand_names_its_value_and_its_filed_cells(self, package: Evaluation) -> None:
        """In the result's row of 计算过程, or beside the result; one click leads from the one to the other."""
        card = package.scorecard
        assert card is not None
        book = opened(write_score_workbook(package), values=True)
        rows = {(row[0].value, row[1].value): row for row in book["计算过程"].iter_rows(min_row=HEADER_ROW + 1)}
        results = [("部门整体", f"{i.item.id} {i.item.name}", i.operands) for i in card.items]
        results += [(i.indicator.subject.value, i.indicator.name.raw, i.operands) for i in card.indicators]
        results += [("部门整体", m.name, m.operands) for m in card.measures]
        results += [
            (i.subject, f"{i.item.id} {i.item.name}", i.operands)
            for p in card.projects
            if p.indicators
            for i in p.items
            if i.item.is_leaf
        ]
        for owner, name, operands in results:
            for operand in operands:
                row = rows[owner, name]
                found = [
                    value for reported, value in numbers_of(row) if reported.startswith(operand.name)
                ] or numbers_beside(book, row[1])
                assert float(operand.value) in [pytest.approx(value) for value in found], (owner, name, operand)
                assert not operand.cells or str(operand.cells[0]) in str(row[4].value), (owner, name, operand)

    def test_each_result_has_one_row(self) -> None:
        package = department(3, 20, 60).package
        assert package.scorecard is not None
        rows = [
            row[:2]
            for row in opened(write_score_workbook(package))["计算过程"].iter_rows(
                min_row=HEADER_ROW + 1, values_only=True
            )
        ]
        assert len(rows) == len(set(rows))
        assert {(i.indicator.subject.value, i.indicator.name.raw) for i in package.scorecard.indicators} <= set(rows)

    def test_the_example(self) -> None:
        book = opened(completed(), values=True)
        row = rows_by(book, "计算过程", 1)["B2.3 执行结果"]
        assert (
            row[4].value
            == "数1 全年单位实际支付数 决算数（万元）：收支!D20\n数2 全年下达单位计划数 决算数（万元）：收支!D19"
        )
        assert [c.value for c in row[5:7]] == [570.41, 612.44]
        assert [linked(book, cell) for cell in (row[1], *row[5:7])] == ["执行结果", 570.41, 612.44]

    def test_no_formula_is_too_long_for_excel(self) -> None:
        name = str(packages.completed().projects[0].name.value)
        filed = packages.project_kind(packages.completed())
        many = in_own_rows(packages.with_indicators(filed, [f"指标{i:04}" for i in range(1000)], subject=name))
        book = opened(write_score_workbook(packages.package(many)))
        assert max(len(str(cell.value)) for cell in cells(book) if cell.data_type == "f") <= 8192

    def test_a_block_of_indicators_is_one_sum_of_neighbours(self) -> None:
        """Grouped by 一级指标 however they were filed: a formula may name only 255 cells."""
        name = str(packages.completed().projects[0].name.value)
        filed = in_own_rows(
            packages.with_indicators(
                packages.project_kind(packages.completed()), [f"指标{i:03}" for i in range(300)], subject=name
            )
        )
        levels = ("产出指标", "效益指标")
        mixed = [
            packages.fill(row, level1=levels[n % 2], **({"actual": None} if n == 20 else {}))
            for n, row in enumerate(filed.indicators)
        ]
        book = opened(write_score_workbook(packages.package(replace(filed, indicators=tuple(mixed)))))
        sums = [
            row[5].value
            for row in book["计算过程"].iter_rows(min_row=HEADER_ROW + 1)
            if "各指标得分合计" in str(row[4].value)
        ]
        assert "未评分" in [cell.value for (cell,) in book["指标评分"]["K160:K307"]]
        assert sums[:2] == ["=SUM(指标评分!K9:K158)", "=SUM(指标评分!K159:K308)"]

    def test_no_formula_keeps_a_placeholder(self) -> None:
        assert not [c.value for c in cells(opened(completed())) if c.data_type == "f" and "{" in str(c.value)]


def generated() -> Iterator[tuple[str, Evaluation]]:
    """Departments made from the completed example by chance, always the same ones."""
    chance = random.Random(20251231)
    filed = packages.completed()
    for number in range(12):
        changed = replace(
            filed,
            projects=tuple(
                _spent(p, chance) for p in chance.sample(filed.projects, chance.randint(1, len(filed.projects)))
            ),
            indicators=tuple(_achieved(i, chance) for i in filed.indicators),
            money=_paid(filed, chance),
        )
        yield f"generated{number:02}.xlsx", packages.package(changed)


def _spent(project, chance: random.Random):
    budget = Decimal(chance.randint(1, 100_000)) / 100
    flags = {
        name: chance.choice(("是", "否", "不涉及", None))
        for name in ("ex_ante_evaluated", "goal_deviated", "benefit_full")
    }
    return packages.fill(
        project,
        adjusted_budget=budget,
        executed=(budget * chance.randint(0, 100) / 100).quantize(Decimal("0.01")),
        **flags,
    )


def _achieved(indicator, chance: random.Random):
    if indicator.nature.value == "定性" or chance.random() < 0.3:
        return indicator
    number = replace(indicator.actual.value, value=Decimal(chance.randint(0, 20_000)) / 100)
    return replace(indicator, actual=packages.put(indicator.actual, number, str(number.value)))


def _paid(filed: Submission, chance: random.Random):
    row = filed.money.paid
    amount = Decimal(chance.randint(0, 70_000)) / 100
    return replace(filed.money, paid=replace(row, final=packages.put(row.final, amount)))


@pytest.mark.libreoffice
def test_libreoffice_comes_to_the_same_values() -> None:
    filed = packages.completed()
    many = in_own_rows(
        packages.with_indicators(
            packages.with_projects(filed, [f"项目{i:03}" for i in range(60)]), [f"指标{i:03}" for i in range(100)]
        )
    )
    files = {
        "completed.xlsx": completed(),
        "published.xlsx": write_score_workbook(packages.package(published())),
        "by_hand.xlsx": hand_written(),
        "without_regulation.xlsx": write_score_workbook(by_hand.without_regulation()),
        "many.xlsx": write_score_workbook(packages.package(many)),
        "projects_cn.xlsx": write_score_workbook(project_kind("cn-project-10-90")),
        "projects_hubei.xlsx": write_score_workbook(project_kind("hubei-project-20-80")),
        "rescaled.xlsx": write_score_workbook(
            packages.package(with_not_applicable(filed, "pidu-dept-40-50-10"), "pidu-dept-40-50-10")
        ),
        **{name: write_score_workbook(package) for name, package in generated()},
    }
    assert sum(count_formulas(content) for content in files.values()) > 5000
    assert disagreements(files) == []


def test_the_quick_sheet_gives_the_bytes_of_xlsxwriter_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its shorter ways lean on xlsxwriter's insides: another version that does otherwise fails here."""
    quick = write_score_workbook(checked(published()))
    by_xlsxwriter_itself(monkeypatch)
    assert write_score_workbook(checked(published())) == quick
