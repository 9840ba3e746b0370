"""Renamed departments: what the operator may say, and what is reported where it cannot be so."""

from pathlib import Path

import openpyxl
import pytest
from batch_runs import fill

from perfeval.cli.commands import main
from perfeval.errors import UsageError
from perfeval.run.renames import Renames, renames
from perfeval.run.roster import Contact, Roster, load_roster


@pytest.mark.parametrize("word", ["甲局", "甲局=", "=乙局", " = ", "甲局=乙局=丙局", "甲局=甲局", ""])
def test_a_word_that_is_no_pair_is_a_wrong_call(word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(fill(tmp_path / "in", ["甲局"])), "-o", str(tmp_path / "out"), "--rename", word]) == 2
    assert "--rename" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


REFUSED = [
    ([("甲局", "乙局"), ("乙局", "甲局")], [], [], "改回了自己"),
    ([("甲局", "乙局"), ("乙局", "丙局"), ("丙局", "甲局")], [], [], "改回了自己"),
    ([("甲局", "甲 局")], [], [], "改回了自己"),
    ([("甲局", "乙局"), ("甲 局", "丙局")], [], [], "有两个新名称"),
    ([("甲局", "乙局")], [("甲局", "丙局")], [], "有两个新名称"),
    ([], [("甲局", "乙局")], ["甲局", "乙局"], "又是“乙局”的曾用名"),
]


@pytest.mark.parametrize(("ordered", "listed", "departments", "message"), REFUSED)
def test_what_cannot_be_so_is_reported(
    ordered: list[tuple[str, str]], listed: list[tuple[str, str]], departments: list[str], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        renames(ordered, listed, departments)


def test_names_are_followed_in_one_direction_and_in_steps() -> None:
    given = renames([("甲局", "乙局"), ("乙局", "丙局")])
    assert given.is_one("甲 局", "丙局")
    assert given.is_one("甲局", "乙局")
    assert not given.is_one("丙局", "甲局")
    assert Renames().is_one("甲局（本级）", "甲局(本级)")


def test_several_former_names_of_one_department_are_reported() -> None:
    (reported,) = renames([("甲局", "丙局"), ("乙局", "丙局")]).remarks(["甲局", "乙局", "丙局"], ["丙局"])
    assert "“甲局”、“乙局”" in reported
    assert "不会合并" in reported


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("旧局", ["旧局"]),
        ("一局；二局", ["一局", "二局"]),
        ("一局、二局，三局", ["一局", "二局", "三局"]),
        ("甲局（乙办、丙办）", ["甲局（乙办、丙办）"]),
        ("一局\n二局", ["一局", "二局"]),
        (" ", []),
    ],
)
def test_the_rosters_former_names(cell: str, names: list[str], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["部门", "曾用名"])
    book.active.append(["新局", cell])
    book.save(tmp_path / "名册.xlsx")
    assert load_roster(tmp_path / "名册.xlsx").renamed == tuple((name, "新局") for name in names)


def test_who_filed_under_a_former_name_has_filed() -> None:
    roster = Roster(("新局", "乙局"), (Contact(2, "新局", former="旧局"), Contact(3, "乙局")))
    assert roster.missing({"旧局"}) == ("乙局",)
