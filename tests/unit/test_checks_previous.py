"""Two years of one department: what does not fit together is reported, each thing once, at its cell of this year."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from workbooks import Sheets, department, save

from perfeval.checks.context import Context
from perfeval.checks.previous import CHECKS
from perfeval.cli.commands import main
from perfeval.filing.read_filing import read_filing
from perfeval.findings.finding import Finding
from perfeval.model.follow_up import ANSWERED, DROPPED, REPEATED, follow_ups
from perfeval.model.submission import Submission

LONG = "本年度将绩效自评结果在政府网站公开，接受社会监督，并把评价结果作为下一年度预算安排的依据，对执行偏慢的三个项目压减预算二十万元。"
NEW = "去年提出的细化绩效指标已经完成，全部十二项指标均已量化；各校按月报送支出进度，资金支付比去年提前一个月，结余全部上缴财政。"


def last_year() -> Sheets:
    sheets = department()
    put(sheets, "基本情况", "评价年度", 1, 2024)
    put(sheets, "收支", "年末结转结余", 3, 10)
    put(sheets, "压减", "一般性支出年初预算", 2, 21)
    put(sheets, "压减", "一般性支出执行数", 2, 20.5)
    put(sheets, "报告文字", "绩效结果应用", 1, LONG)
    sheets["问题与建议"].append([2, "支付不及时", "按月通报各校支出进度", "李四", "2025年6月30日"])
    return sheets


def this_year() -> Sheets:
    sheets = department()
    put(sheets, "报告文字", "绩效结果应用", 1, NEW)
    sheets["问题与建议"][1:] = [[1, "培训不足", "加强绩效培训", "张三", "2026年6月30日"]]
    return sheets


def put(sheets: Sheets, sheet: str, label: str, column: int, value: object) -> None:
    next(row for row in sheets[sheet] if row[0] == label)[column] = value


def submission(sheets: Sheets, folder: Path) -> Submission:
    taken = read_filing(save(sheets, folder), "填报.xlsx").submission
    assert taken is not None
    return taken


def reported(now: Sheets, then: Sheets, folder: Path) -> list[Finding]:
    current, previous = submission(now, folder), submission(then, folder)
    return [f for check in CHECKS for f in check(Context(current, None, None, {}, previous))]


def test_two_years_that_fit_raise_nothing(tmp_path: Path) -> None:
    assert reported(this_year(), last_year(), tmp_path) == []


def test_without_last_year_nothing_is_asked(tmp_path: Path) -> None:
    current = submission(this_year(), tmp_path)
    assert [f for check in CHECKS for f in check(Context(current, None, None, {}))] == []


def test_a_broken_base_a_copied_text_and_a_dropped_suggestion_give_exactly_three_findings(tmp_path: Path) -> None:
    now = this_year()
    put(now, "压减", "一般性支出年初预算", 1, 25)
    put(now, "报告文字", "绩效结果应用", 1, f"{LONG}细化指标")
    now["报告文字"].append(["重点领域绩效分析", LONG.replace("三个", "3个")])
    now["报告文字"].append(["总体情况", "各校按月通报支出进度，细化指标已完成。"])
    then = last_year()
    then["报告文字"].append(["重点领域绩效分析", LONG.replace("三个", "4个")])
    then["问题与建议"].append([3, "档案不全", "建立项目档案专柜专人管理", "王五", "2025年9月30日"])
    found = reported(now, then, tmp_path)
    assert [(f.code, str(f.ref)) for f in found] == [
        ("PREVIOUS_002", "压减!B2"),
        ("PREVIOUS_003", "报告文字!B3"),
        ("PREVIOUS_004", "报告文字!B2"),
    ]
    assert (found[0].found, found[0].expected) == ("25", "21.00")


@pytest.mark.parametrize(
    ("opening", "codes"), [(10, []), (10.004, []), (10.02, ["PREVIOUS_001"]), (0, ["PREVIOUS_001"])]
)
def test_the_opening_carryover_is_last_years_closing_one(tmp_path: Path, opening: float, codes: list[str]) -> None:
    now = this_year()
    put(now, "收支", "上年结转", 3, opening)
    assert [f.code for f in reported(now, last_year(), tmp_path)] == codes


@pytest.mark.parametrize(
    ("sheet", "label", "column", "note"), [("收支", "上年结转", 3, 4), ("压减", "一般性支出执行数", 1, 3)]
)
def test_a_word_of_explanation_answers(tmp_path: Path, sheet: str, label: str, column: int, note: int) -> None:
    now = this_year()
    put(now, sheet, label, column, 7)
    put(now, sheet, label, note, "财政部门年中收回。")
    assert [f.answered for f in reported(now, last_year(), tmp_path)] == [True]


def test_the_state_of_each_suggestion_is_followed(tmp_path: Path) -> None:
    then = last_year()
    then["问题与建议"].append([3, "培训少", "加强绩效培训", "王五", "2025年9月30日"])
    then["问题与建议"].append([4, "档案不全", "建立项目档案专柜", "王五", "2025年9月30日"])
    states = [
        (f.suggestion, f.state) for f in follow_ups(submission(then, tmp_path), submission(this_year(), tmp_path))
    ]
    assert states == [
        ("细化指标", ANSWERED),
        ("按月通报各校支出进度", ANSWERED),
        ("加强绩效培训", REPEATED),
        ("建立项目档案专柜", DROPPED),
    ]


def test_the_command_reads_last_year_from_a_folder_of_workbooks_or_packages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = {name: tmp_path / name for name in ("then", "now", "archive", "out", "earlier")}
    for name in ("then", "now"):
        folders[name].mkdir()
    now = this_year()
    put(now, "压减", "一般性支出年初预算", 1, 25)
    save(last_year(), folders["then"], "去年.xlsx")
    save(now, folders["now"], "今年.xlsx")
    main(["report", str(folders["then"]), "-o", str(folders["earlier"]), "--quiet", "--as-of", "2025-01-15"])
    assert main(["pack", str(folders["earlier"]), "-o", str(folders["archive"]), "--input", str(folders["then"])]) == 0
    (tmp_path / "empty").mkdir()
    results = []
    for name in ("then", "archive"):
        main(["report", str(folders["now"]), "-o", str(folders["out"]), "--quiet", "--previous", str(folders[name])])
        (result,) = folders["out"].glob("2025/*/结果.json")
        results.append(result.read_text(encoding="utf-8"))
        assert (folders["out"] / "上年建议跟踪.xlsx").is_file()
    assert results[0].count("PREVIOUS_002") == 1
    assert results[0] == results[1]
    assert main(["report", str(folders["now"]), "-o", str(folders["out"]), "--previous", str(tmp_path / "empty")]) == 3
    assert "里没有上一年度的填报工作簿或归档包" in capsys.readouterr().err


def test_a_set_made_with_last_year_beside_it_proves_itself_with_it(tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("then", "now")}
    for name, sheets in (("then", last_year()), ("now", this_year())):
        folders[name].mkdir()
        save(sheets, folders[name])
    put(broken := this_year(), "压减", "一般性支出年初预算", 1, 25)
    save(broken, folders["now"])
    out, packages = str(tmp_path / "out"), tmp_path / "packages"
    main(["report", str(folders["now"]), "-o", out, "--quiet", "--previous", str(folders["then"])])
    packing = ["pack", out, "-o", str(packages), "--input", str(folders["now"])]
    assert main(packing) == 1
    assert main([*packing, "--previous", str(folders["then"])]) == 0
    assert main(["verify", *map(str, packages.iterdir())]) == 0


def test_a_department_that_is_not_found_in_last_year_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = {name: tmp_path / name for name in ("then", "now")}
    for name, sheets in (("then", last_year()), ("now", this_year())):
        folders[name].mkdir()
        if name == "now":
            put(sheets, "基本情况", "部门名称", 1, "示例区教育和体育局")
        save(sheets, folders[name])
    main(["report", str(folders["now"]), "-o", str(tmp_path / "out"), "--quiet", "--previous", str(folders["then"])])
    assert "有 1 个部门没有找到上一年度的填报，没有与去年核对：示例区教育和体育局。" in capsys.readouterr().err
    sheet = load_workbook(tmp_path / "out" / "上年建议跟踪.xlsx").active
    assert [cell.value for cell in sheet[4]][0::5] == ["示例区教育和体育局", "没有核对"]
