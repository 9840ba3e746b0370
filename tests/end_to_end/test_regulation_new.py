"""A bureau has its own rules in five answers: a folder that lints, a template, a report that cites its document and
nobody else's."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from rule_workbooks import typed_into

from perfeval.blank.examples import completed_sheets
from perfeval.cli.commands import main
from perfeval.rules.citing import OWN_RULES
from perfeval.rules.load import load_folder, load_regulations

ANSWERS = ["某省某市青禾县", "青禾县部门整体绩效评价办法", "", "2025", "sichuan-dept-65-35"]
FOREIGN = "金口河区预算绩效评价指标体系"


def asked(monkeypatch: pytest.MonkeyPatch, folder: Path, *answers: str, options: tuple[str, ...] = ()) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
    return main(["regulation", "new", "-o", str(folder), *options])


def filed(template: bytes, regulation_id: str, place: str | None, department: str) -> bytes:
    """The completed example typed into a template, as a department of another place files it."""
    sheets = completed_sheets()
    ids = {item.name: item.id for item in load_regulations()["sichuan-dept-65-35"].items}
    scores = [{"指标编号": ids.get(row["指标名称"]), **row} for row in sheets["评分"]]
    basic = {
        **sheets["基本情况"],
        "部门名称": department,
        "行政区划": place,
        "指标体系": regulation_id,
        "部门简称": None,
    }
    total = next(row for row in scores if row["指标编号"] is None)
    sheets |= {"基本情况": basic, "评分": [row for row in scores if row is not total]}
    return typed_into(template, {name: sheets[name] for name in sheets if name != "填报说明"})


def texts(output: Path) -> dict[str, str]:
    """Every part of every file, tags taken out: sentences, notes, properties."""
    found = {}
    for path in (p for p in output.rglob("*") if p.is_file()):
        content = path.read_bytes()
        parts = {"": content}
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                parts = {name: package.read(name) for name in package.namelist()}
        found |= {
            f"{path.name}/{name}": re.sub("<[^>]*>", "", part.decode(errors="replace")) for name, part in parts.items()
        }
    return found


def test_five_answers_a_template_and_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "青禾县"
    assert asked(monkeypatch, rules, *ANSWERS) == 0
    printed = capsys.readouterr()
    assert [word for word in ("县名", "文件名称", "文号", "年度", "从哪一个改起") if word not in printed.err] == []
    assert "perfeval template --regulation" in printed.out
    assert main(["regulation", "lint", str(rules)]) == 0
    own = load_folder(rules)["某省某市青禾县-部门整体-2025"]
    assert {item.provenance.confidence for item in own.items} == {"待核"}
    assert main(["template", "--regulation", str(rules), "--year", "2025", "-o", str(tmp_path / "模板")]) == 0
    template = (tmp_path / "模板" / "部门整体_填报模板.xlsx").read_bytes()
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / "教育局.xlsx").write_bytes(filed(template, own.id, ANSWERS[0], "青禾县教育局"))
    output = tmp_path / "output"
    assert main(["report", str(tmp_path / "input"), "-o", str(output), "--regulations", str(rules), "--quiet"]) == 0
    result = json.loads(next(output.rglob("结果.json")).read_text(encoding="utf-8"))
    assert (result["total"], [f["code"] for f in result["findings"] if f["code"].startswith("BASIC")]) == ("98.94", [])
    made = texts(output)
    assert [name for name, text in made.items() if "金口河区" in text and FOREIGN in text] == []
    report = next(text for name, text in made.items() if name.endswith("自评报告.docx/word/document.xml"))
    assert "根据《青禾县部门整体绩效评价办法》（其中22项指标的评分规则待核）" in report


def test_options_take_the_place_of_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = (
        "--county",
        "青禾县",
        "--document",
        "《办法》",
        "--number",
        "青财〔2026〕1号",
        "--year",
        "２０２６年",
        "--base",
        "cn-project-10-90",
    )
    assert asked(monkeypatch, tmp_path / "a", options=options) == 0
    own = load_folder(tmp_path / "a")["青禾县-项目支出-2026"]
    assert (own.document, own.document_number, own.region) == ("《办法》", "青财〔2026〕1号", "青禾县")
    assert own.item("E").provenance.words == "参照财预〔2020〕10号推定"  # a national document holds here too


BASES = sorted(load_regulations())


@pytest.mark.parametrize("base", BASES)
def test_every_regulation_can_be_begun_from(base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(monkeypatch, tmp_path / "a", *ANSWERS[:4], str(BASES.index(base) + 1)) == 0
    (own,) = load_folder(tmp_path / "a").values()
    assert [i.max_points for i in own.items] == [i.max_points for i in load_regulations()[base].items]
    assert {i.provenance.confidence for i in own.items if i.provenance.clause != "财预〔2020〕10号"} <= {"待核"}
    assert (own.effective_to, own.issuer) == (None, ANSWERS[0])


BAD = [  # answers → what is said
    (["青禾/县"], "县名“青禾/县”不能用"),
    ([""], "县名“”不能用"),
    (["青禾县", ""], "文件名称“”不能用"),
    (["青禾县", "某/办法"], "文件名称“某/办法”不能用"),
    (["青禾县", "办法", "x" * 100], "写了 100 个字"),
    (["青禾县", "办法", "", "二〇二六"], "年度“二〇二六”不能用"),
    (["青禾县", "办法", "", "26"], "年度“26”不能用"),
    (["青禾县", "办法", "", "3026"], "年度“3026”不能用"),
    (["青禾县", "办法", "", "2026", "nowhere"], "没有编号为“nowhere”的指标体系"),
    (["青禾县", "办法", "", "2026", "99"], "没有编号为“99”的指标体系"),
    (["青禾县", "办法", "", "2026", "yueyang-leaves"], "没有编号为“yueyang-leaves”的指标体系"),
    (["青禾县", "办法"], "没有读到“文号”的回答：输入已经结束，没有写出任何文件。"),
    ([], "没有读到“县名”的回答"),
]


@pytest.mark.parametrize(("answers", "sentence"), BAD)
def test_bad_answers(
    answers: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert asked(monkeypatch, tmp_path / "a", *answers) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


class Terminal(io.StringIO):
    """Answers typed at a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("\n".join(["青禾/县", *ANSWERS[:3], "去年", *ANSWERS[3:], ""])))
    assert main(["regulation", "new", "-o", str(tmp_path / "a")]) == 0
    printed = capsys.readouterr().err
    assert (printed.count("县名（"), printed.count("年度（")) == (2, 2)


def test_nothing_to_read_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert main(["regulation", "new", "-o", str(tmp_path / "a")]) == 2
    assert "没有读到“县名”的回答" in capsys.readouterr().err


def test_ctrl_c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Interrupted(io.StringIO):
        def readline(self, size: int | None = -1, /) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Interrupted())
    assert main(["regulation", "new", "-o", str(tmp_path / "a")]) == 130
    assert "已中断，没有写出任何文件。" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


def test_nothing_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "a"
    (there / "工作").mkdir(parents=True)
    (tmp_path / "b").write_text("文件", encoding="utf-8")
    for folder in (there, tmp_path / "b"):
        assert asked(monkeypatch, folder, *ANSWERS) == 2
        assert "已经存在，没有覆盖" in capsys.readouterr().err
    assert asked(monkeypatch, tmp_path / "b" / "c", *ANSWERS) == 5
    assert "改法：" in capsys.readouterr().err


RULES = """
id = "our-rules"
extends = "sichuan-dept-65-35"
title = "《青禾县办法》的指标体系"
region = "某省某市青禾县"
document = "《青禾县办法》"
document_number = "青财〔2025〕1号"
issuer = "青禾县财政局"
clause = "《青禾县办法》"
confidence = "{confidence}"
source_note = "读自《青禾县办法》。"

[replace."A2.4"]
clause = "《青禾县办法》第四条"
confidence = "{confidence}"
remark = "青禾县办法第四条"

[thresholds]
adjustment_rate_limit = {{ value = 0.01, clause = "《青禾县办法》第五条", confidence = "{confidence}" }}
"""
PLACES = [  # 行政区划, 部门名称, confidence → the document is named, the question at 指标体系
    ("青禾县", "青禾县教育局", "已核", True, []),
    ("青禾县", "青禾县教育局", "推定", False, []),
    ("青禾县", "青禾县教育局", "待核", False, ["BASIC_008"]),
    ("某省某市新青禾县", "教育局", "已核", False, ["BASIC_007"]),
    (None, "新青禾县教育局", "已核", False, ["BASIC_007"]),
    ("某省", "教育局", "待核", False, ["BASIC_007"]),
]


@pytest.mark.parametrize(("place", "department", "confidence", "is_named", "asked_at"), PLACES)
def test_whose_document_is_named_in_all_that_is_written(
    place: str | None, department: str, confidence: str, is_named: bool, asked_at: list[str], tmp_path: Path
) -> None:
    rules = tmp_path / "our-rules"
    rules.mkdir()
    (rules / "regulation.toml").write_text(RULES.format(confidence=confidence), encoding="utf-8")
    main(["template", "--regulation", str(rules), "--year", "2025", "-o", str(tmp_path)])
    template = (tmp_path / "部门整体_填报模板.xlsx").read_bytes()
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / "甲.xlsx").write_bytes(filed(template, "our-rules", place, department))
    output = tmp_path / "output"
    main(["report", str(tmp_path / "input"), "-o", str(output), "--regulations", str(rules), "--annotated", "--quiet"])
    result = json.loads(next(output.rglob("结果.json")).read_text(encoding="utf-8"))
    assert [f["code"] for f in result["findings"] if f["code"] in ("BASIC_007", "BASIC_008")] == asked_at
    made = texts(output)
    naming = {name.split("/")[0] for name, text in made.items() if "青禾县办法" in text}
    assert bool(naming) is is_named
    report = next(text for name, text in made.items() if name.endswith("自评报告.docx/word/document.xml"))
    assert ("根据《青禾县办法》" in report) is is_named
    assert (f"{OWN_RULES}" in report) is not is_named
