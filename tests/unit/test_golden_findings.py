"""Every sentence an official reads about the two examples, word for word, as reviewed. A changed wording is a changed
golden file."""

import pytest
from places import GOLDEN, ROOT

from perfeval.cli.commands import main


@pytest.mark.parametrize(("example", "code"), [("公开稿", 1), ("补齐稿", 0)])
def test_what_is_said_of_the_examples(example: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    workbook = ROOT / "input_templates" / f"示例_金口河发改_{example}.xlsx"
    assert main(["check", str(workbook)]) == code
    assert capsys.readouterr().out == (GOLDEN / f"核对结果_{example}.txt").read_text(encoding="utf-8")
