"""The wheel alone, without the checkout: the package's data are inside, and a report is made in any folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from places import ROOT

EXAMPLE = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"
BUILT_BY = 77  # the setuptools that pyproject.toml asks for


def setuptools_version() -> int:
    try:
        return int(version("setuptools").split(".")[0])
    except PackageNotFoundError:
        return 0


pytestmark = pytest.mark.skipif(
    setuptools_version() < BUILT_BY, reason=f"没有 setuptools {BUILT_BY} 以上的版本，不能打包"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("wheel")
    source = base / "source"
    source.mkdir()
    shutil.copytree(ROOT / "perfeval", source / "perfeval", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(base),
        str(source),
    ]
    subprocess.run(pip, check=True, capture_output=True)
    return next(base.glob("*.whl"))


def test_everything_the_program_reads_is_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as package:
        inside = set(package.namelist())
    files = {
        p.relative_to(ROOT).as_posix()
        for p in (ROOT / "perfeval").rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    assert files <= inside


def test_a_report_is_made_in_any_folder(wheel: Path, tmp_path: Path) -> None:
    """Unpacked is what an installation comes to; the libraries are those of the test's own environment."""
    folder = tmp_path / "某县 财政局"
    (folder / "input").mkdir(parents=True)
    shutil.copy(EXAMPLE, folder / "input")
    with zipfile.ZipFile(wheel) as package:
        package.extractall(tmp_path / "installed")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "LC_ALL": "C"}
    script = "import sys, perfeval.cli.commands as c; assert 'installed' in c.__file__, c.__file__; sys.exit(c.main())"
    done = subprocess.run(
        [sys.executable, "-c", script, "report", "--quiet"],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "98.94 分 优" in done.stdout.decode()
    assert list(folder.glob("output/2025/*/*自评报告.docx"))
