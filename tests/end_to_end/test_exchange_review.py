"""A reviewed score workbook is read back only where nothing but the reviewer's columns was changed; what he wrote
reaches both sides."""

import io
import shutil
import subprocess
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import libreoffice
import pytest
from docx import Document
from gongwen_check import check
from openpyxl import Workbook, load_workbook
from places import ROOT
from workbooks import project, save

from perfeval.cli.commands import main
from perfeval.exchange.review.review import ReviewOutcome, review
from perfeval.exchange.review.reviewed import ACCEPTED, NOT_REVIEWED, REFUSED
from perfeval.findings.catalogue import catalogue
from perfeval.rules.load import load_regulations

COMPLETED = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"
PUBLISHED = ROOT / "input_templates" / "示例_金口河发改_公开稿.xlsx"
TREE, REVIEW, OPINION = "总评分表", 10, 11
SOUND = {
    "B2.3": (2, "两笔支付凭证不全，核减 1.73 分。"),
    "B1.1": (None, "评估报告归档不全。"),
    "A2.1": (0, "预算编制质量的依据没有提供。"),
}
Entries = Mapping[str, tuple[object, str | None]]


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("issued")
    assert main(["report", str(COMPLETED), "-o", str(output), "--quiet", "--jobs", "1"]) == 0
    return output


@pytest.fixture
def output(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued, tmp_path / "out"))


def score_workbook(output: Path) -> Path:
    (path,) = output.glob("*/*/*评分表.xlsx")
    return path


def rows(book: Workbook) -> dict[str, int]:
    return {
        str(book[TREE].cell(row, 1).value or book[TREE].cell(row, 2).value): row for row in range(60, 3, -1)
    }  # the tree, not the blocks below it


def fill(path: Path, entries: Entries) -> Workbook:
    book = load_workbook(path)
    lines = rows(book)
    for code, (score, opinion) in entries.items():
        book[TREE].cell(lines[code], REVIEW).value = score  # type: ignore[assignment]
        book[TREE].cell(lines[code], OPINION).value = opinion
    return book


def reviewed(output: Path, *books: Workbook) -> ReviewOutcome:
    folder = output.parent / "review"
    folder.mkdir(exist_ok=True)
    for number, book in enumerate(books):
        book.save(folder / f"复核{number}.xlsx")
    return review(folder, output, load_regulations(), 1)


def codes(outcome: ReviewOutcome) -> list[str]:
    return [f.code for r in outcome.reviewed for f in r.findings]


def opinion_of(output: Path) -> Path:
    (path,) = (output / "复核").glob("*_复核意见表.docx")
    return path


def text_of(path: Path) -> str:
    document = Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_a_sound_review_reaches_the_department(output: Path) -> None:
    outcome = reviewed(output, fill(score_workbook(output), SOUND))
    assert [r.status for r in outcome.reviewed] == [ACCEPTED]
    reported = text_of(opinion_of(output))
    assert "计算得分 98.94 分，复核得分 91.21 分，等级为“优”。复核调整了 2 项指标的得分。" in reported
    for _, (_, opinion) in SOUND.items():
        assert str(opinion) in reported


def test_the_opinion_is_in_the_official_format(output: Path) -> None:
    reviewed(output, fill(score_workbook(output), SOUND))
    assert [line for line in check(str(opinion_of(output))) if line[0] == "ERROR"] == []


def test_the_same_review_gives_the_same_bytes(output: Path) -> None:
    first = {p.name: p.read_bytes() for p in reviewed(output, fill(score_workbook(output), SOUND)).written}
    second = {p.name: p.read_bytes() for p in reviewed(output, fill(score_workbook(output), SOUND)).written}
    assert first == second


def summary(output: Path) -> bytes:
    return (output / "复核" / "复核汇总.xlsx").read_bytes()


def overview(content: bytes) -> dict[str, object]:
    sheet = load_workbook(io.BytesIO(content), data_only=True)["复核汇总"]
    return {str(head.value): sheet.cell(4, head.column).value for head in sheet[3]}


def test_the_summary_shows_who_is_off_by_a_grade(output: Path) -> None:
    reviewed(output, fill(score_workbook(output), {**SOUND, "B3.1": (0, "数量指标的验收单没有提供。")}))
    row = overview(summary(output))
    assert (row["计算得分"], row["复核得分"], row["复核−计算"]) == (98.94, 87.21, -11.73)
    assert (row["自评等级"], row["复核等级"], row["自评与复核等级"]) == ("优", "良", "自评优，复核良")
    assert row["改分项数"] == 3


@pytest.mark.libreoffice
def test_every_formula_of_the_summary_is_confirmed_by_another_program(output: Path) -> None:
    reviewed(output, fill(score_workbook(output), SOUND))
    content = summary(output)
    assert libreoffice.count_formulas(content) > 40
    assert libreoffice.disagreements({"复核汇总.xlsx": content}) == []


@pytest.mark.libreoffice
def test_a_workbook_saved_by_another_program_is_accepted(output: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    fill(score_workbook(output), SOUND).save(tmp_path / "in" / "a.xlsx")
    with libreoffice_saved(tmp_path / "in" / "a.xlsx", tmp_path) as saved:
        book = load_workbook(saved)
        assert book[TREE].max_row > 20
        folder = tmp_path / "review"
        folder.mkdir()
        shutil.copy(saved, folder / "复核.xlsx")
    outcome = review(folder, output, load_regulations(), 1)
    assert codes(outcome) == []
    assert [r.status for r in outcome.reviewed] == [ACCEPTED]


def test_a_workbook_changed_elsewhere_is_refused_and_its_cells_named(output: Path) -> None:
    book = fill(score_workbook(output), SOUND)
    line = rows(book)["A2.1"]
    book[TREE].cell(line, 3).value = 7
    book["收支与压减"]["B6"].value = 1
    outcome = reviewed(output, book)
    assert [r.status for r in outcome.reviewed] == [REFUSED]
    assert [(str(f.ref), f.found) for r in outcome.reviewed for f in r.findings] == [
        (f"{TREE}!C{line}", "7"),
        ("收支与压减!B6", "1"),
    ]
    assert not list((output / "复核").glob("*.docx"))


def test_a_changed_formula_is_refused(output: Path) -> None:
    book = fill(score_workbook(output), SOUND)
    line = rows(book)["B2.3"]
    book[TREE].cell(line, 4).value = "=4"
    (finding,) = [f for r in reviewed(output, book).reviewed for f in r.findings]
    assert (finding.code, str(finding.ref), finding.expected) == ("REVIEW_001", f"{TREE}!D{line}", "3.73")


def test_an_added_or_lost_sheet_is_refused(output: Path) -> None:
    book = fill(score_workbook(output), SOUND)
    del book["问题清单"]
    book.create_sheet("新增")["A1"] = "x"
    found = [f for r in reviewed(output, book).reviewed for f in r.findings]
    assert [f.code for f in found] == ["REVIEW_012", "REVIEW_012"]
    assert [f.message for f in found] == [
        "工作表“问题清单”出评分表时有，现在不见了。",
        "工作表“新增”出评分表时没有，是后来加上的。",
    ]


def test_an_inserted_row_is_one_finding_that_names_every_cell(output: Path) -> None:
    book = fill(score_workbook(output), SOUND)
    book["收支与压减"].insert_rows(5)
    (finding,) = [f for r in reviewed(output, book).reviewed for f in r.findings]
    assert (finding.code, finding.ref.sheet if finding.ref else "") == ("REVIEW_013", "收支与压减")
    assert finding.message.count("、") > 20


def test_a_score_typed_full_width_is_read(output: Path) -> None:
    outcome = reviewed(output, fill(score_workbook(output), {"A2.1": ("５", "核减 1 分。")}))
    assert codes(outcome) == []
    assert outcome.reviewed[0].units[0].reviewed_total == Decimal("97.94")


FAULTS: list[tuple[str, Entries]] = [
    ("REVIEW_002", {"A2.1": (6.01, "太高")}),
    ("REVIEW_002", {"A2.1": (-0.01, "太低")}),
    ("REVIEW_003", {"A2.1": ("5分", "写了单位")}),
    ("REVIEW_004", {"A2.1": (5, None)}),
    ("REVIEW_005", {"A2": (5, "改了上级")}),
    ("REVIEW_005", {"综合得分": (90, "改了总分")}),
    ("REVIEW_010", {}),
]


@pytest.mark.parametrize(("code", "entries"), FAULTS)
def test_each_fault_of_a_review_is_its_own_finding(output: Path, code: str, entries: Entries) -> None:
    assert codes(reviewed(output, fill(score_workbook(output), entries))) == [code]


@pytest.mark.parametrize(
    "entries",
    [
        {"A2.1": (0, "没有依据")},
        {"A2.1": (6, None)},  # the computed score itself is no change
        {"A2": (20, "与下级相加相同"), "A2.1": (1, "核减")},
        {"综合得分": (93.94, "与相加相同"), "A2.1": (1, "核减")},
    ],
)
def test_what_is_in_order_raises_nothing(output: Path, entries: Entries) -> None:
    assert codes(reviewed(output, fill(score_workbook(output), entries))) == []


def test_two_reviews_of_one_department_are_both_refused(output: Path) -> None:
    book = fill(score_workbook(output), SOUND)
    assert codes(reviewed(output, book, book)) == ["REVIEW_008", "REVIEW_008"]


def test_a_workbook_that_is_no_score_workbook_is_refused(output: Path) -> None:
    assert codes(reviewed(output, load_workbook(COMPLETED))) == ["REVIEW_006"]


def test_a_review_of_an_earlier_submission_is_refused(output: Path, tmp_path: Path) -> None:
    earlier = fill(score_workbook(output), SOUND)
    assert main(["report", str(PUBLISHED), "-o", str(output), "--quiet", "--jobs", "1"]) == 1
    assert codes(reviewed(output, earlier)) == ["REVIEW_007"]


def test_a_score_workbook_filled_in_where_it_was_issued_cannot_be_its_own_measure(output: Path) -> None:
    book = fill(score_workbook(output), SOUND)
    book.save(score_workbook(output))
    assert codes(reviewed(output, book)) == ["REVIEW_009"]


def test_a_damaged_workbook_is_refused_in_the_readers_words(output: Path) -> None:
    folder = output.parent / "review"
    folder.mkdir()
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04")
    outcome = review(folder, output, load_regulations(), 1)
    assert [c.startswith("FILE_") for c in codes(outcome)] == [True]
    assert [r.status for r in outcome.reviewed] == [REFUSED, NOT_REVIEWED]


def test_projects_are_reviewed_one_by_one_and_what_has_no_total_gets_none(tmp_path: Path) -> None:
    sheets = project()
    next(row for row in sheets["基本情况"] if row[0] == "指标体系")[1] = "cn-project-10-90"
    (tmp_path / "in").mkdir()
    save(sheets, tmp_path / "in")
    output = tmp_path / "out"
    main(["report", str(tmp_path / "in"), "-o", str(output), "--quiet", "--jobs", "1"])
    book = load_workbook(score_workbook(output))
    for row in (5, 10):  # 预算执行率 of the first project, and of the second, which has no indicators
        book[TREE].cell(row, REVIEW).value = 8
        book[TREE].cell(row, OPINION).value = "核减执行率得分。"
    assert codes(reviewed(output, book)) == []
    sheet = load_workbook(io.BytesIO(summary(output)), data_only=True)["复核汇总"]
    reported = [tuple(sheet.cell(row, column).value for column in (4, 6, 7, 8, 13)) for row in (4, 5)]
    assert reported == [("校舍维修", "未填", 100, 98, "优"), ("设备采购", "未填", "无法评定", "无法评定", "无法评定")]
    assert "“校舍维修”没有填自评得分，计算得分 100 分，复核得分 98 分，等级为“优”。" in text_of(opinion_of(output))


def test_what_a_review_asks_of_a_department_is_in_its_own_workbook(output: Path) -> None:
    """More of it in test_exchange_review_returned.py."""
    folder = output.parent / "review"
    folder.mkdir()
    fill(score_workbook(output), SOUND).save(folder / "复核.xlsx")
    review(folder, output, load_regulations(), 1, (COMPLETED,))
    (path,) = (output / "复核").glob("*_第1版_复核退回.xlsx")
    page = load_workbook(path)["问题清单"]
    assert [row[0].value for row in page.iter_rows(min_row=6, min_col=10, max_col=10) if row[0].value] == [
        "REVIEW_011"
    ] * 3


def test_every_code_of_a_review_is_tested_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in catalogue() if code.startswith("REVIEW_") and f'"{code}"' not in text] == []


class libreoffice_saved:  # noqa: N801  (reads as a verb)
    """The workbook opened and saved by LibreOffice."""

    def __init__(self, path: Path, work: Path) -> None:
        self.path, self.work = path, work

    def __enter__(self) -> Path:
        target = self.work / "saved"
        profile = f"-env:UserInstallation={(self.work / 'profile').as_uri()}"
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(target),
            str(self.path),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return target / self.path.name

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.work / "profile", ignore_errors=True)
