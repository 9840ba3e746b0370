"""`report --pdf`: the same text as the Word document, the pages counted, a sentence where there is no LibreOffice."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from places import ROOT

from perfeval.cli.commands import main
from perfeval.run import pdf

COMPLETED = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"


def run(place: Path, *options: str) -> int:
    return main(["report", str(place / "in"), "-o", str(place / "out"), "--jobs", "1", *options])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    shutil.copy(COMPLETED, tmp_path / "in")
    return tmp_path


def characters(text: str) -> str:
    """Without spaces, line ends and the marks that a list has of its own."""
    return re.sub(r"\s", "", text)


@pytest.mark.libreoffice
def test_the_copy_has_the_text_and_the_pages_are_counted(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(place, "--pdf") == 0
    (copy,) = (place / "out" / "PDF").iterdir()
    said = capsys.readouterr().out
    facts = subprocess.run(["pdfinfo", str(copy)], capture_output=True, text=True, check=True).stdout
    pages = re.search(r"Pages:\s+(\d+)", facts)
    assert pages is not None
    assert f"{copy.name}（{pages[1]} 页）" in said
    text = subprocess.run(["pdftotext", str(copy), "-"], capture_output=True, text=True, check=True).stdout
    (document,) = (place / "out").rglob("*_自评报告.docx")
    lost = [p.text for p in Document(str(document)).paragraphs if characters(p.text)[:20] not in characters(text)]
    assert lost == []
    made = copy.stat().st_mtime_ns
    run(place, "--pdf")
    assert copy.stat().st_mtime_ns == made
    (place / "in" / COMPLETED.name).unlink()
    shutil.copy(ROOT / "input_templates" / "示例_金口河发改_公开稿.xlsx", place / "in")
    capsys.readouterr()
    run(place)
    assert not copy.exists()
    assert f"{copy} 已过时，移走了。" in capsys.readouterr().out


def test_without_libreoffice_a_sentence_says_so(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    assert run(place, "--pdf") == 0
    assert "没有安装 LibreOffice，没有另存 PDF" in capsys.readouterr().out
    assert not (place / "out" / "PDF").exists()
