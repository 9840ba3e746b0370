"""A place that the system lets nobody look at is a sentence under every command that is pointed to it, and so is a name
that no file can have."""

import errno
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from batch_runs import fill

from perfeval.cli.commands import main
from perfeval.errors import OutputError
from perfeval.exchange.archive.parcel import DamagedArchive, read_regular
from perfeval.exchange.archive.verify_files import find_packages
from perfeval.output import files

LONG = "局" * 200
BUILTIN = "cn-project-10-90"
COMMANDS = [
    ["report", LONG],
    ["report", "in", "--regulations", LONG],
    ["report", "in", "--previous", LONG],
    ["report", "in", "--roster", LONG],
    ["report", "in", "--template", LONG],
    ["check", LONG],
    ["audit", f"{LONG}.docx"],
    ["outbox", LONG, "--roster", "x.xlsx"],
    ["outbox", "out", "--roster", LONG],
    ["send", LONG],
    ["send", "out", "--really", "--settings", LONG],
    ["review", LONG],
    ["review", "in", "-o", LONG],
    ["sample", LONG, "--seed", "1"],
    ["pack", LONG, "-o", "x"],
    ["verify", LONG],
    ["verify", "x.zip", "--sha256", LONG],
    ["verify", "x.zip", "--template", LONG],
    ["regulation", "list", "--regulations", LONG],
    ["regulation", "lint", LONG],
    ["regulation", "diff", LONG, BUILTIN],
    ["regulation", "whatif", LONG, BUILTIN, "in"],
    ["regulation", "import", LONG, "-o", "x"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(word[:12] for word in words))
def test_a_name_that_no_file_can_have_is_reported(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.xlsx").write_bytes(b"x")
    (tmp_path / "x.zip").write_bytes(b"x")
    assert main(words) in (2, 3, 4)
    reported = capsys.readouterr().err
    assert "改法：" in reported
    assert "too long" not in reported


def test_a_package_whose_neighbours_have_no_name_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its own name fits, the same with .sha256 behind does not."""
    package = tmp_path / f"{'局' * 83}x.zip"
    package.write_bytes(b"PK")
    assert main(["verify", str(package)]) == 1
    assert "这不是完整的归档包" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="sockets are no files there")
def test_what_is_no_file_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("x.zip")
        assert find_packages([Path("x.zip")]) == (Path("x.zip"),)
        with pytest.raises(DamagedArchive, match="这不是普通文件"):
            read_regular(Path("x.zip"))
    with pytest.raises(DamagedArchive, match="打不开（没有这个文件或文件夹）"):
        read_regular(Path("nowhere"))


def test_no_room_for_a_temporary_folder_is_reported(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="临时文件夹写不进去（没有这个文件或文件夹）"),
        files.temporary_folder(tmp_path / "gone"),
    ):
        pass


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="an administrator may look everywhere")
@pytest.mark.parametrize(
    "words", [["audit", "closed/x.docx"], ["sample", "closed/x", "--seed", "1"], ["verify", "closed/x.zip"]]
)
def test_a_place_without_permission_is_reported(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "closed").mkdir(mode=0)
    assert main(words) in (2, 3)
    assert "改法：" in capsys.readouterr().err
    shutil.rmtree(tmp_path / "closed")


# An administrator may look everywhere, so the system's refusal is put in its place.


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of folders that cannot be opened."""
    names: set[str] = set()
    scandir, listdir, lstat = os.scandir, os.listdir, Path.lstat

    def refused(path: Any, call: Callable[..., Any], within: bool = False) -> Any:
        if not isinstance(path, int) and names & set((Path(path).parent if within else Path(path)).parts):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return call(path)

    monkeypatch.setattr(os, "access", lambda path, _: not names & set(Path(path).parts))
    monkeypatch.setattr(os, "scandir", lambda path=".": refused(path, scandir))
    monkeypatch.setattr(os, "listdir", lambda path=".": refused(path, listdir))
    monkeypatch.setattr(Path, "lstat", lambda path: refused(path, lstat, within=True))
    return names


def test_a_closed_set_stops_no_other(
    closed: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path / "in", ["甲局", "乙局"])
    report = ["report", "in", "-o", "out", "--force", "--jobs", "1", "--as-of"]
    assert main([*report, "2026-01-15"]) == 1
    before = Path("out/2025/乙局/结果.json").read_bytes()
    capsys.readouterr()
    closed.add("甲局")
    assert main([*report, "2026-01-16"]) == 5
    assert "“out/2025/甲局”写不进去（没有权限" in capsys.readouterr().out
    assert Path("out/2025/乙局/结果.json").read_bytes() != before
    assert main(["sample", "out", "--seed", "1"]) == 3
    assert "“结果.json”是一个没有权限查看的东西" in capsys.readouterr().err


def test_a_set_whose_older_versions_are_closed_stays_where_it_is(
    closed: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is committed that could not be finished."""
    monkeypatch.chdir(tmp_path)
    fill(tmp_path / "in", ["甲局"])
    report = ["report", "in", "-o", "out", "--force", "--jobs", "1", "--as-of"]
    main([*report, "2026-01-15"])
    Path("out/2025/甲局/历史").mkdir()
    before = Path("out/2025/甲局/结果.json").read_bytes()
    closed.add("历史")
    assert main([*report, "2026-01-16"]) == 5
    assert "“out/2025/甲局/历史”写不进去（没有权限" in capsys.readouterr().out
    assert Path("out/2025/甲局/结果.json").read_bytes() == before
    assert not Path("out/.perfeval").exists()


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["verify", "归档"], 2, "“归档”用不了（没有权限"),
        (["report", "in", "-o", "out", "--previous", "归档"], 2, "“归档”用不了（没有权限"),
        (["review", "归档", "-o", "out"], 2, "文件夹“归档”打不开，没有复核"),
    ],
)
def test_a_closed_folder_is_not_called_empty(
    closed: set[str],
    words: list[str],
    code: int,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path / "in", ["甲局"])
    if words[0] == "review":
        main(["report", "in", "-o", "out", "--jobs", "1"])
    Path("归档").mkdir()
    Path("归档/a.zip").write_bytes(b"PK")
    closed.add("归档")
    assert main(words) == code
    assert sentence in capsys.readouterr().err
