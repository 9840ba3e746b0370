"""`perfeval regulation lint` and `diff` on the command line."""

from pathlib import Path

import pytest
from places import ROOT
from test_rules_load import DEPARTMENT, PROJECT, folder

from perfeval.cli.commands import main

SHIPPED = ROOT / "perfeval" / "regulations"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main(["regulation", *map(str, words)])
    reported = capsys.readouterr()
    return code, reported.out, reported.err


def test_a_sound_folder_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "lint", folder(tmp_path, DEPARTMENT, PROJECT))
    assert code == 0
    assert out == (
        "没有发现问题，共 2 个指标体系：县-部门（部门整体，3 项末级指标，0 项待核）；县-项目（项目支出，1 项末级指标，0 项待核）。\n"
    )


def test_a_faulty_folder_is_reported_with_file_key_there_and_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "lint", folder(tmp_path, DEPARTMENT.replace("max_points = 20", "max_points = 25")))
    assert (code, out) == (4, "")
    assert (
        "体系0/regulation.toml：items A 管理 的下级 max_points：现在相加是 25 + 40 = 65，应为 60，与上级相等。" in err
    )


def test_a_folder_with_the_id_of_a_shipped_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "lint", SHIPPED / "pidu-dept-40-50-10")
    assert code == 4
    assert "一个没有用过的编号" in err


def test_diff_of_ids_and_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "diff", "sichuan-project-10-90", "hubei-project-20-80")
    assert code == 0
    assert out.splitlines()[:4] == [
        "文件名称：由“表 510000_0013zp”改为“没有写”。",
        "依据：由“表 510000_0013zp”改为“待核”。",
        "核定状态：由“推定”改为“待核”。",
        "E 预算执行率 的分值：由“10”改为“20”。",
    ]
    text = (SHIPPED / "pidu-dept-40-50-10" / "regulation.toml").read_text(encoding="utf-8")
    own = (
        folder(tmp_path, text.replace("zero_below = 0.70", "zero_below = 0.60")) / "体系0"
    )  # the same id as the shipped one
    _, out, _ = run(capsys, "diff", "pidu-dept-40-50-10", own)
    assert (
        out == "D 重点履职 的参数：由“高于则不得分 1.3；低于则不得分 0.7”改为“高于则不得分 1.3；低于则不得分 0.6”。\n"
    )


def test_diff_of_a_regulation_with_itself_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "diff", "cn-project-10-90", "cn-project-10-90")
    assert (code, out) == (0, "cn-project-10-90 与 cn-project-10-90 没有会影响评分、等级或核对的不同。\n")


def test_diff_of_what_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "diff", "没有", "cn-project-10-90")[0] == 2
    code, _, err = run(capsys, "diff", "cn-project-10-90", folder(tmp_path, DEPARTMENT, PROJECT))
    assert code == 2
    assert "有 2 个指标体系（县-部门、县-项目）" in err
