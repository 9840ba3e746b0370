"""汇总表.xlsx: made from the objects of 结果.json, reconciled with them, for none, one and many workbooks."""

import io
import json
import pickle
from collections.abc import Iterator, Sequence
from copy import deepcopy
from decimal import Decimal
from functools import cache
from typing import Any

import openpyxl
import pytest
import scored_by_hand as by_hand
from libreoffice import count_formulas, disagreements
from validator import installed, own_faults, validator_faults

from perfeval.documents.result import result_of
from perfeval.documents.summaries.brief import brief_of
from perfeval.documents.summaries.review import review_first
from perfeval.documents.summaries.tables import Part, parts, tables
from perfeval.documents.summaries.write import write_summary

SHEETS = [
    "汇总表",
    "统计与排名",
    "先看这五家",
    "未报送",
    "常见问题",
    "项目",
    "全部问题",
    "全部指标",
    "复核信号",
    "相同文字",
    "执行率排名",
    "失分最多的项",
    "按分管股室",
    "与上年比较",
]
FIRST_ROW = 4
Result = dict[str, Any]


@cache
def _by_hand() -> str:
    return json.dumps(result_of(by_hand.package(), {}))


def department(
    name: str, total: str | None = "90.00", grade: str | None = "优", *, status: str = "reported", **more: Any
) -> Result:
    """A workbook's object of 结果.json as it comes out of the file: plain values only."""
    result: Result = json.loads(_by_hand())
    return {
        **result,
        "department": name,
        "total": total,
        "grade": grade,
        "status": status,
        "declared_total": total,
        "unscored": 0,
        "findings": [],
        **more,
    }


def finding(code: str, severity: str = "error", answered: bool = False) -> Result:
    template = deepcopy(json.loads(_by_hand())["findings"][0])
    return {**template, "code": code, "severity": severity, "answered": answered}


def signal(level: str) -> Result:
    return {"code": "SIGNAL_001", "level": level, "message": "结果比执行高 8%。"}


def project_workbook(name: str) -> Result:
    return department(name, None, None, kind="项目支出", items=[], declared_total=None)


def summary_of(
    results: Sequence[Result], rejected: Any = (), unfiled: Any = (), duplicate_texts: Any = (), **more: Any
) -> bytes:
    return write_summary([brief_of(r) for r in results], rejected, unfiled, duplicate_texts, **more)


def opened(content: bytes, values: bool = True) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def lines(book: openpyxl.Workbook, sheet: str) -> list[tuple[Any, ...]]:
    return list(book[sheet].iter_rows(min_row=FIRST_ROW, values_only=True))


def column(book: openpyxl.Workbook, sheet: str, header: str, count: int) -> list[Any]:
    """The first `count` values below a header."""
    headers = [cell.value for cell in book[sheet][FIRST_ROW - 1]]
    return [row[headers.index(header)] for row in lines(book, sheet)[:count]]


def some() -> Sequence[Result]:
    return (
        department(
            "甲局",
            "98.94",
            "优",
            findings=[finding("MONEY_001"), finding("CUT_003", "question")],
            signals=[signal("red")],
            status="returned",
        ),
        department(
            "乙局",
            "81.50",
            "良",
            findings=[finding("CUT_003", "question"), finding("CUT_003", "question", answered=True)],
        ),
        department("丙局", "95.00", "优", findings=[finding("CELL_019", "notice")], declared_total="97.00"),
        project_workbook("丁局"),
    )


class TestOverview:
    def test_one_row_a_workbook(self) -> None:
        book = opened(summary_of(some()))
        assert book.sheetnames == SHEETS
        assert column(book, "汇总表", "部门名称", 4) == ["甲局", "乙局", "丙局", "丁局"]
        assert column(book, "汇总表", "状态", 4) == ["退回修改", "已出报告", "已出报告", "已出报告"]
        assert column(book, "汇总表", "计算总分", 4) == [98.94, 81.5, 95, "见“项目”表"]
        assert column(book, "汇总表", "等级", 4) == ["优", "良", "优", "—"]
        assert column(book, "汇总表", "差异", 4) == [0, 0, 2, None]
        assert column(book, "汇总表", "错误", 4) == [1, 0, 0, 0]
        assert column(book, "汇总表", "疑点", 4) == [1, 1, 0, 0]
        assert column(book, "汇总表", "已说明疑点", 4) == [0, 1, 0, 0]
        assert column(book, "汇总表", "红灯", 4) == [1, 0, 0, 0]

    def test_blocks_have_a_column_each(self) -> None:
        book = opened(summary_of(some()))
        assert column(book, "汇总表", "A\n总体绩效", 4) == [34.73, 34.73, 34.73, "—"]
        assert column(book, "汇总表", "B\n项目绩效", 4) == [20, 20, 20, "—"]

    def test_execution_is_the_projects_in_a_project_workbook(self) -> None:
        results = (
            department(
                "甲局",
                measures={
                    "预算执行率": {"value": "93.14%", "cells": []},
                    "项目执行率": {"value": "97.03%", "cells": []},
                },
            ),
            {**project_workbook("乙局"), "measures": {"项目执行率": {"value": "97.03%", "cells": []}}},
            department("丙局", measures={"预算执行率": {"value": None, "cells": []}}),
        )
        assert column(opened(summary_of(results)), "汇总表", "预算执行率", 3) == [0.9314, 0.9703, "无法计算"]


def test_what_is_not_all_scored_is_in_no_average_ranking_or_difference():
    results = [
        department("甲局", "90.00"),
        department("乙局", "78.07", None, unscored=1, declared_total="96.96"),
        department("丙局", "80.00", "良"),
    ]
    book = opened(summary_of(results))
    assert column(book, "汇总表", "计算总分", 3) == [90, "含 1 项未评分", 80]
    assert column(book, "汇总表", "差异", 3) == [0, None, 0]
    printed = {row[0]: row[1] for row in lines(book, "统计与排名")}
    assert (printed["有总分的工作簿（份）"], printed["平均分"], printed["最低分"]) == (2, 85, 80)
    names = [row[0] for row in lines(book, "统计与排名")]
    assert "乙局" not in names[names.index("得分排名（已出报告的）") :]


class TestTotals:
    def reported(self, results: Sequence[Result], **more: Any) -> dict[str, tuple[Any, ...]]:
        return {str(row[0]).strip("　"): row[1:3] for row in lines(opened(summary_of(results, **more)), "统计与排名")}

    def test_reconcile_with_the_workbooks(self) -> None:
        reported = self.reported(
            some(),
            rejected=[{"file": "坏.xlsx", "status": "rejected", "reason": "不是工作簿。"}],
            unfiled=["戊局", "己局"],
        )
        assert reported["读取的工作簿（份）"][0] == 4
        assert (
            reported["已出报告（份）"][0],
            reported["退回修改（份）"][0],
            reported["无法读取（份）"][0],
            reported["未报送（家）"][0],
        ) == (3, 1, 1, 2)
        assert (reported["平均分"][0], reported["最高分"][0], reported["最低分"][0]) == (91.81, 98.94, 81.5)
        assert reported["错误（条）"] == (1, "一致")
        assert reported["疑点（条）"] == (2, "一致")
        assert reported["疑点（已说明）（条）"] == (1, "一致")

    def test_grades_from_the_best(self) -> None:
        reported = self.reported(some())
        names = list(reported)
        assert names[names.index("等级") + 1 :][:2] == ["优", "良"]
        assert (reported["优"][0], reported["良"][0]) == (2, 1)

    def test_only_reported_workbooks_are_ranked(self) -> None:
        rows = lines(opened(summary_of(some())), "统计与排名")
        start = next(n for n, row in enumerate(rows) if row[0] == "部门名称")
        assert [row[:4] for row in rows[start + 1 :]] == [("丙局", 95, 1, "优"), ("乙局", 81.5, 2, "良")]

    def test_bars_begin_at_zero_and_the_rankings_header_is_repeated(self) -> None:
        sheet = opened(summary_of(list(many(60))), values=False)["统计与排名"]
        assert [chart.y_axis.scaling.min for chart in sheet._charts] == [0, 0]
        header = int(sheet.print_title_rows.split("$")[-1])
        assert [cell.value for cell in sheet[header]][:4] == ["部门名称", "计算总分", "名次", "等级"]

    def test_equal_totals_share_a_rank(self) -> None:
        rows = lines(
            opened(summary_of([department(n, t) for n, t in (("甲", "90.00"), ("乙", "95.00"), ("丙", "90.00"))])),
            "统计与排名",
        )
        assert [row[:3] for row in rows[-3:]] == [("乙", 95, 1), ("甲", 90, 2), ("丙", 90, 2)]


class TestLists:
    def test_common_errors_count_departments(self) -> None:
        rows = lines(opened(summary_of(some())), "常见问题")
        assert [(r[0], r[1], r[3], r[4], r[5]) for r in rows] == [
            ("错误", "MONEY_001", 1, 1, "甲局"),
            ("疑点", "CUT_003", 2, 2, "甲局、乙局"),
            ("提示", "CELL_019", 1, 1, "丙局"),
        ]

    def test_all_findings_and_indicators_are_listed(self) -> None:
        book = opened(summary_of(some()))
        assert len(lines(book, "全部问题")) == sum(len(r["findings"]) for r in some())
        assert len(lines(book, "全部指标")) == sum(len(r["indicators"]) for r in some())
        assert [row[10] for row in lines(book, "全部指标")[:2]] == [1.25, "—"]
        assert [row[11] for row in lines(book, "全部指标")[:2]] == [30, "未评分"]

    def test_projects_of_a_project_workbook(self) -> None:
        rows = lines(opened(summary_of([project_workbook("丁局")])), "项目")
        assert [row[:9] for row in rows] == [
            ("丁局", "项目支出", "校舍维修", "常年", 20, 20, 20, 1, 0),
            ("丁局", "项目支出", "设备采购", "阶段", 20, 25, 23, 0.92, 0.08),
        ]

    def test_unfiled_and_unreadable(self) -> None:
        rejected = [{"file": "坏/坏.xlsx", "status": "rejected", "reason": "不是工作簿。"}]
        assert lines(opened(summary_of([], rejected, ["戊局"])), "未报送") == [
            (1, "戊局", "未报送"),
            (2, "坏/坏.xlsx", "无法读取：不是工作簿。"),
        ]

    def test_equal_texts(self) -> None:
        book = opened(summary_of([], duplicate_texts=[("一段很长的文字", ["甲局", "乙局"])]))
        assert lines(book, "相同文字") == [(1, "一段很长的文字", "甲局、乙局")]

    def test_text_is_cleaned_and_never_a_formula(self) -> None:
        book = opened(summary_of([department("=1+1\x0b")]), values=False)
        assert (book["汇总表"]["B4"].value, book["汇总表"]["B4"].data_type) == ("=1+1", "s")


class TestReview:
    def first(self, results: Sequence[Result]) -> list[tuple[str, str]]:
        return [
            (results[f.index]["department"], f.reasons)
            for f in review_first(tables([brief_of(r) for r in results]).workbooks)
        ]

    def test_the_grounds_are_compared_in_order(self) -> None:
        results = (
            department("无事"),
            department("黄灯", signals=[signal("yellow")]),
            department("多报", "90.00", declared_total="95.50"),
            department("红灯", signals=[signal("red")]),
            department("一错", findings=[finding("MONEY_001")]),
            department("两错", findings=[finding("MONEY_001"), finding("MONEY_002")]),
            department("疑点", findings=[finding("CUT_003", "question")]),
        )
        plain = [{**r, "items": []} for r in results]
        assert self.first(plain) == [
            ("两错", "错误 2 条"),
            ("一错", "错误 1 条"),
            ("红灯", "红灯 1 个"),
            ("多报", "自评比计算多 5.5 分"),
            ("疑点", "未说明的疑点 1 条"),
        ]

    def test_an_answered_question_is_no_ground(self) -> None:
        assert (
            self.first([{**department("已答", findings=[finding("CUT_003", "question", answered=True)]), "items": []}])
            == []
        )


def many(count: int) -> Iterator[Result]:
    for number in range(count):
        total = Decimal(6000 + number * 317 % 4000) / 100
        status = "reported" if number % 3 else "returned"
        errors = [] if number % 3 else [finding("MONEY_001")]
        yield department(f"第{number}局", str(total), "优" if total >= 90 else "良", status=status, findings=errors)


def test_the_same_results_give_the_same_bytes_also_from_another_process() -> None:
    results = list(many(20))
    assert summary_of(results) == summary_of(pickle.loads(pickle.dumps(results)))


@pytest.mark.parametrize("count", [0, 1, 60])
def test_works_for_any_number(count: int) -> None:
    book = opened(summary_of(list(many(count))))
    assert [row[0] for row in lines(book, "汇总表") if isinstance(row[0], int)] == list(range(1, count + 1))


@pytest.mark.libreoffice
def test_libreoffice_comes_to_the_same_values() -> None:
    files = {
        "none.xlsx": summary_of([]),
        "one.xlsx": summary_of([department("甲局")]),
        "some.xlsx": summary_of(
            some(), [{"file": "坏.xlsx", "status": "rejected", "reason": "不是工作簿。"}], ["戊局"]
        ),
        "sixty.xlsx": summary_of(list(many(60))),
    }
    assert sum(count_formulas(content) for content in files.values()) > 200
    assert disagreements(files) == []


def test_a_list_too_long_for_a_sheet_goes_on_the_next() -> None:
    assert parts("全部指标", 0) == (Part("全部指标", 0, 0),)
    assert parts("全部指标", 1_000_000) == (Part("全部指标", 0, 1_000_000),)
    assert parts("全部指标", 1_000_001) == (Part("全部指标", 0, 1_000_000), Part("全部指标（2）", 1_000_000, 1_000_001))


class TestLongLists:
    """Three rows a sheet stand for a million."""

    def book(self, **more: Any) -> openpyxl.Workbook:
        return opened(summary_of([*some(), *many(5)], rows_per_sheet=3, **more))

    def test_no_row_is_lost(self) -> None:
        whole, divided = opened(summary_of([*some(), *many(5)])), self.book()
        for name in ("项目", "全部问题", "全部指标"):
            named = [sheet for sheet in divided.sheetnames if sheet.partition("（")[0] == name]
            assert named[:2] == [name, f"{name}（2）"]
            assert [row for sheet in named for row in lines(divided, sheet)] == lines(whole, name)
            assert all(len(lines(divided, sheet)) == 3 for sheet in named[:-1])

    def test_each_sheet_has_its_header_and_its_filter_over_its_rows(self) -> None:
        book = self.book()
        last = next(sheet for sheet in reversed(book.sheetnames) if sheet.startswith("全部指标"))
        assert [cell.value for cell in book[last][FIRST_ROW - 1]] == [
            cell.value for cell in book["全部指标"][FIRST_ROW - 1]
        ]
        assert book["全部指标"].auto_filter.ref == "A3:M6"
        assert book[last].auto_filter.ref == f"A3:M{FIRST_ROW + len(lines(book, last)) - 1}"
        assert book["全部指标"].dimensions == "A1:M6"

    @pytest.mark.libreoffice
    def test_totals_reconcile_over_all_of_them(self) -> None:
        content = summary_of([*some(), *many(5)], rows_per_sheet=3)
        reported = {str(row[0]).strip("　"): row[1:3] for row in lines(opened(content), "统计与排名")}
        assert reported["错误（条）"] == (3, "一致")
        formula = next(row[2] for row in lines(opened(content, values=False), "统计与排名") if row[0] == "错误（条）")
        assert all(f"'{sheet}'!" in formula for sheet in opened(content).sheetnames if sheet.startswith("全部问题"))
        assert disagreements({"divided.xlsx": content}) == []


def item(identifier: str, score: str | None, most: str, basis: str = "computed", parent: str | None = "A") -> Result:
    template = deepcopy(json.loads(_by_hand())["items"][0])
    words = {"id": identifier, "name": f"第{identifier}项", "parent": parent}
    return {**template, **words, "score": score, "max": most, "basis": basis}


def test_the_items_with_the_most_lost_points_come_first_and_what_is_not_scored_is_no_loss() -> None:
    filed = [
        department("甲局", items=[item("A", "7", "10", parent=None), item("A1", "4", "5"), item("A2", "3", "5")]),
        department("乙局", items=[item("A1", "5", "5"), item("A2", None, "5", "not_scored")]),
        department("丙局", items=[item("A1", "3.5", "5"), item("A2", "0", "5", "not_applicable")]),
    ]
    assert [row[1:] for row in lines(opened(summary_of(filed)), "失分最多的项")] == [
        ("A1", "第A1项", 3, 2, 2.5, 0.8333),
        ("A2", "第A2项", 1, 1, 2, 0.6),
    ]


@pytest.mark.libreoffice
def test_the_ranking_by_execution_takes_its_rates_from_the_overview() -> None:
    rates = {"甲局": "95.00%", "乙局": None, "丙局": "99.10%", "丁局": "95.00%"}
    filed = [department(name, measures={"预算执行率": {"value": rate, "cells": []}}) for name, rate in rates.items()]
    content = summary_of(filed)
    assert lines(opened(content), "执行率排名") == [
        (1, "丙局", 0.991, "已出报告"),
        (2, "甲局", 0.95, "已出报告"),
        (2, "丁局", 0.95, "已出报告"),
    ]
    assert disagreements({"rates.xlsx": content}) == []


def test_what_is_in_a_long_list_is_the_text_that_was_filed() -> None:
    """Markup, line breaks and spaces at the ends come out as they went in; what no document may carry does not."""
    texts = ["a<b & c>", "两行\n文字", " 前后 ", "=1+1", "\u202e反", "零\x00一\x01二\x10"]
    filed = department("甲局")
    filed["indicators"] = [{**filed["indicators"][0], "l3": text} for text in texts]
    book = opened(summary_of([filed]), values=False)
    assert [row[4] for row in lines(book, "全部指标")] == ["a<b & c>", "两行\n文字", " 前后 ", "=1+1", "反", "零一二"]
    assert (
        opened(summary_of([department("_x0041_")]), values=False)["全部指标"]["A4"].value == "_x005F_x0041_"
    )  # Excel reads it as _x0041_
    assert {row[4].data_type for row in book["全部指标"].iter_rows(min_row=FIRST_ROW)} == {"s"}


def test_a_long_finding_gets_a_row_high_enough() -> None:
    long = {**finding("MONEY_001"), "message": "很长的话" * 60}
    sheet = opened(summary_of([department("甲局", findings=[long, finding("CUT_003")])]))["全部问题"]
    assert sheet.row_dimensions[FIRST_ROW].height > 100
    assert sheet.column_dimensions["I"].width > 46


@pytest.mark.skipif(not installed(), reason="没有安装 Open XML 校验器（tests/ooxml）")
def test_the_open_xml_sdk_finds_no_fault() -> None:
    files = {
        "some.xlsx": summary_of(some(), unfiled=["戊局"]),
        "divided.xlsx": summary_of([*some(), *many(5)], rows_per_sheet=3),
        "none.xlsx": summary_of([]),
    }
    assert validator_faults(files) == []
    assert own_faults(files) == []
