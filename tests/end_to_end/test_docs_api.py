"""The example of docs/编程接口.md runs, prints what the page shows, and writes files that have their schemas."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from places import ROOT
from schemas import assert_valid

PAGE = (ROOT / "docs" / "编程接口.md").read_text(encoding="utf-8")
EXAMPLE = "示例_金口河发改_补齐稿.xlsx"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def test_the_example_prints_what_the_page_shows(tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    shutil.copy(ROOT / "input_templates" / EXAMPLE, tmp_path / "input")
    (tmp_path / "example.py").write_text(block("python"), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "example.py"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
    )
    assert (run.stdout, run.stderr) == (block("text"), "")
    assert_valid(tmp_path / "output")
    assert len(list((tmp_path / "output").rglob("结果.json"))) == 1
