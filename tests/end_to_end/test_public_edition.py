"""`report --public`: the edition for publication names nobody who filled in, no telephone number, no evidence and
nothing of a column marked 不公开, in no part of the file; the run record says what was left out."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from planting import planted, project_workbook
from schemas import assert_valid

from perfeval.cli.commands import main

FILER, REVIEWER, PHONE, FOLDER = "欧阳填报", "司马审核", "0833-2712345", "D:\\佐证\\验收单扫描件2025.pdf"
REASON, RESPONSIBLE = "涉密采购推迟了三个月，厂家名称不便公布", "诸葛负责"
SECRETS = (FILER, REVIEWER, PHONE, "2712345", "验收单扫描件2025", "涉密采购", "不便公布", RESPONSIBLE)
FILLED = {
    ("基本情况", "填报人"): FILER,
    ("基本情况", "审核人"): REVIEWER,
    ("基本情况", "联系电话"): PHONE,
    "评分!I6": FOLDER,
    "指标!K4": "偏差原因（不公开）",
    "指标!K26": REASON,
    "问题与建议!D5": RESPONSIBLE,
    "问题与建议!D4": "责任人（不公开）",
    "报告文字!B6": f"结果已经公开。联系人{FILER}，电话{PHONE}，材料在{FOLDER}。",
}


def report(place: Path, content: bytes, *options: str) -> Path:
    (place / "in").mkdir(exist_ok=True)
    (place / "in" / "填报.xlsx").write_bytes(content)
    assert main(["report", str(place / "in"), "-o", str(place / "out"), "--jobs", "1", "--quiet", *options]) == 0
    return place / "out"


def texts(document: Path) -> Iterator[tuple[str, str]]:
    """Each part's name with its content, and with the words alone, however Word has cut them into runs."""
    with zipfile.ZipFile(document) as package:
        for name in package.namelist():
            content = package.read(name).decode(errors="replace")
            yield name, content
            yield name, re.sub(r"<[^>]*>", "", content)


def found(document: Path) -> set[tuple[str, str]]:
    return {(part, secret) for part, text in texts(document) for secret in SECRETS if secret in text}


def words(document: Path) -> str:
    return "".join(text for name, text in texts(document) if name == "word/document.xml")


def test_nothing_that_is_left_out_is_in_any_part_of_the_edition(tmp_path: Path) -> None:
    output = report(tmp_path, planted(FILLED), "--public")
    (public,) = output.rglob("*_公开稿.docx")
    full = public.with_name(public.name.replace("_公开稿", ""))
    assert {secret for _, secret in found(full)} >= {
        FILER,
        PHONE,
        RESPONSIBLE,
        "涉密采购",
    }  # they were there to be found
    assert found(public) == set()
    assert "联系人（不公开），电话（不公开），材料在（不公开）。" in words(public)
    (line,) = json.loads((output / "运行记录.json").read_bytes())["inputs"]
    assert {(one["sheet"], one["label"]): one["cells"] for one in line["left_out"]}.items() >= {
        ("基本情况", "填报人"): "B21",
        ("基本情况", "联系电话"): "B22",
        ("基本情况", "审核人"): "B23",
    }.items()
    assert {one["label"] for one in line["left_out"]} == {
        "填报人",
        "联系电话",
        "审核人",
        "佐证材料",
        "责任人",
        "偏差原因",
    }
    assert not any(secret in json.dumps(line["left_out"], ensure_ascii=False) for secret in SECRETS)
    assert_valid(output)


def test_a_project_workbook_has_one_too(tmp_path: Path) -> None:
    project = {
        "项目名称": "管网改造", "项目类型": "阶段", "主要内容": "改造管网", "年初预算数": "100", "调整后预算数": "100",
        "执行数": "90", "偏差原因": REASON, "改进措施": "加快采购进度，按月调度",
    }  # fmt: skip
    rows = [
        ("产出指标", "数量指标", "改造管网", "≥", "5", "公里", "50", "6"),
        ("效益指标", "社会效益", "停水次数", "≤", "4", "次", "30", "4"),
        ("满意度指标", "服务对象满意度", "用户满意度", "≥", "90", "%", "10", "95"),
    ]
    headers = ("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "计量单位", "权重", "实际完成值")
    indicators = [{"适用对象": "管网改造", **dict(zip(headers, row, strict=True))} for row in rows]
    output = report(tmp_path, project_workbook([project], indicators), "--public")
    (public,) = output.rglob("*_公开稿.docx")
    assert REASON in words(public)  # only what is marked is left out


def test_without_the_option_there_is_none_and_an_old_one_does_not_stay(tmp_path: Path) -> None:
    output = report(tmp_path, planted({}), "--public")
    assert len(list(output.rglob("*_公开稿.docx"))) == 1
    report(tmp_path, planted({}))
    assert list(output.rglob("*_公开稿.docx")) == []
    (line,) = json.loads((output / "运行记录.json").read_bytes())["inputs"]
    assert line["left_out"] is None
    assert_valid(output)


@pytest.mark.parametrize("option", [(), ("--public",)])
def test_the_package_proves_itself(tmp_path: Path, option: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    output = report(tmp_path, planted({}), *option)
    assert main(["pack", str(output), "-o", str(tmp_path / "归档"), "--input", str(tmp_path / "in")]) == 0
    (package,) = (tmp_path / "归档").glob("*.zip")
    assert main(["verify", str(package)]) == 0
    with zipfile.ZipFile(package) as parts:
        assert any("_公开稿" in name for name in parts.namelist()) == bool(option)


def test_figures_cannot_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "填报.xlsx").write_bytes(planted({"项目!G4": "执行数（不公开）"}))
    assert main(["report", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--jobs", "1", "--public"]) == 1
    assert list((tmp_path / "out").rglob("*_公开稿.docx")) == []
