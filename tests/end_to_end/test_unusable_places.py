"""A place that the system lets nobody look at is a sentence under every command that is pointed to it, and so is a name
that no file can have."""

import os
import shutil
import socket
from pathlib import Path

import pytest

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
