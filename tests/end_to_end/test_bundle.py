"""The portable folder: what goes into it, and that it opens the page with the computer's Python in place of its own."""

import hashlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bundle.__main__ import SITE, STARTERS, build, checked, fetch, missing_wheels, own_wheel, pinned

STARTED = re.compile(r"绩效自评：http://127\.0\.0\.1:\d+/\?token=[\w-]+")


def test_windows_gets_what_windows_alone_needs_and_no_tools_for_building() -> None:
    names = {name for name, _ in pinned("3.12")}
    assert {"tzdata", "colorama", "starlette", "pandas"} <= names
    assert not {"setuptools", "wheel"} & names


def test_every_package_of_the_lock_has_a_wheel_for_windows(tmp_path: Path) -> None:
    ask = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "-d",
        str(tmp_path / "x"),
        "colorama==0.4.6",
    ]
    if subprocess.run(ask, capture_output=True, check=False).returncode:
        pytest.skip("没有可以下载软件包的网络")
    fetch("3.12", tmp_path)
    assert missing_wheels("3.12", tmp_path) == []
    (tmp_path / next(path.name for path in tmp_path.glob("lxml*"))).unlink()
    assert missing_wheels("3.12", tmp_path) == ["lxml"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder with perfeval's own wheel alone: the rest is the computer's."""
    own_wheel(tmp_path / "wheels")
    build(tmp_path / "wheels", tmp_path / "绩效自评", None)
    return tmp_path / "绩效自评"


def test_the_starter_opens_the_page_in_its_own_folder(folder: Path) -> None:
    python = folder / "python" / "bin"
    python.mkdir(parents=True)
    (python / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    (python / "python3").chmod(0o755)
    process = subprocess.Popen(
        ["sh", str(folder / "打开绩效自评.command")],
        stdout=subprocess.PIPE,
        cwd="/",
        env={**os.environ, "BROWSER": "true"},
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        said = [process.stdout.readline().decode().strip() for _ in range(2)]
        assert "正在打开" in said[0]
        assert STARTED.fullmatch(said[1])
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert {path.name for path in (folder / SITE).iterdir()} >= {"perfeval"}
    assert (folder / "input").is_dir()


def test_the_starter_says_what_to_do_without_a_python(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "dirname"):
        (tmp_path / "bin" / tool).symlink_to(Path("/bin") / tool)
    ended = subprocess.run(
        ["/bin/sh", str(folder / "打开绩效自评.command")],
        input="\n",
        capture_output=True,
        text=True,
        env={"PATH": str(tmp_path / "bin")},
        check=False,
    )
    assert ended.returncode == 1
    assert "找不到 Python。改法：" in ended.stdout


def test_the_starters_name_what_is_there_and_stay_open_with_a_remedy() -> None:
    windows = (STARTERS / "打开绩效自评.bat").read_text(encoding="utf-8")
    assert r"python\python.exe" in windows
    assert windows.count("pause") == 2
    assert "-m perfeval page" in windows
    linux = (STARTERS / "打开绩效自评.desktop").read_text(encoding="utf-8")
    assert "打开绩效自评.command" in linux
    assert "Terminal=true" in linux


def test_windows_reads_its_starter_with_its_own_line_ends(folder: Path) -> None:
    content = (folder / "打开绩效自评.bat").read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") > 10


def test_another_file_than_the_embeddable_python_is_refused(tmp_path: Path) -> None:
    good, other = tmp_path / "python-3.12.8-embed-amd64.zip", tmp_path / "python-3.12.8.zip"
    good.write_bytes(b"x")
    other.write_bytes(b"x")
    assert checked(good, hashlib.sha256(b"x").hexdigest().upper()) == "3.12"
    for path, digest in ((good, "0" * 64), (good, ""), (other, hashlib.sha256(b"x").hexdigest())):
        with pytest.raises(SystemExit):
            checked(path, digest)
