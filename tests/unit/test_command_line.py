"""Arguments nobody can mean: a Chinese sentence and code 2, whatever argparse makes of them."""

import re

import pytest

from perfeval.cli.commands import main

NINES = "9" * 5000
WRONG = {
    "an empty folder": (["report", "in", "-o", ""], "有一个参数是空的"),
    "an empty input": (["report", "", "-o", "out"], "有一个参数是空的"),
    "blanks": (["verify", "  "], "有一个参数是空的"),
    "workers beyond number": (["report", "in", "--jobs", "9" * 20], "应是 1 到 9999 的整数"),
    "digits beyond number": (["report", "in", "--jobs", NINES], "应是 1 到 9999 的整数"),
    "no workers": (["check", "in", "--jobs", "0"], "应是 1 到 9999 的整数"),
    "a year of eleven digits": (["template", "--year", "99999999999"], "应是 1 到 9999 的整数"),
    "a seed of letters": (["sample", "out", "--seed", "abc"], "应是一个整数"),
    "a seed beyond number": (["sample", "out", "--seed", NINES], "应是一个整数"),
    "half an option": (["report", "in", "--re", "x"], "不清楚是哪一个选项"),
    "a value of a switch": (["report", "in", "--force=1"], "后面不能有值"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call_is_a_sentence(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    words, sentence = WRONG[case]
    assert main(words) == 2
    said = capsys.readouterr().err.partition("改法")[0]
    assert sentence in said
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", said)


def test_numbers_of_any_width_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "ｉｎｄｉｃａｔｏｒ＿００３"]) == 0
    assert capsys.readouterr().out.startswith("INDICATOR_003")
