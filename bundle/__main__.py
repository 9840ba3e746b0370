"""`make bundle`: builds the portable Windows folder from the wheels of the lock and the embeddable Python.

The embeddable zip is in no package registry: who builds the folder downloads it from python.org, names it with
PYTHON_ZIP and gives the sha256 printed there with PYTHON_SHA256.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
STARTERS = ROOT / "bundle" / "starters"
NAME = "绩效自评"
SITE = Path("python/Lib/site-packages")
EMBEDDED = re.compile(r"python-(\d+)\.(\d+)\.\d+-embed-amd64\.zip")
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
BUILD_ONLY = {"setuptools", "wheel"}  # of the lock: they install perfeval where it is not a wheel


def pinned(python: str) -> Iterator[tuple[str, str]]:
    """The packages of the lock that Windows needs: name and version. pip itself would ask the markers of the computer
    it runs on, and leave tzdata and colorama out."""
    windows = {
        "sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "python_version": python,
    }  # fmt: skip
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        requirement, _, marker = line.partition(";")
        if requirement.strip() and not line.startswith("#") and (not marker or Marker(marker).evaluate(windows)):
            name, version = requirement.strip().split("==")
            if name not in BUILD_ONLY:
                yield name, version


def fetch(python: str, folder: Path) -> None:
    """Downloads those wheels for Windows, and builds perfeval's own. Raises SystemExit where one is missing."""
    wanted = dict(pinned(python))
    platform = ["--only-binary=:all:", "--platform", "win_amd64", "--python-version", python, "--implementation", "cp"]
    names = [f"{name}=={version}" for name, version in wanted.items()]
    subprocess.run([*PIP, "download", "--no-deps", *platform, "-d", str(folder), *names], check=True)
    own_wheel(folder)
    if missing := missing_wheels(python, folder):
        sys.exit(f"缺少这些软件包的 Windows 版：{'、'.join(missing)}")


def own_wheel(folder: Path) -> None:
    """Builds perfeval's wheel from a copy: building leaves things behind."""
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(ROOT / "perfeval", Path(copy) / "perfeval", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, copy)
        subprocess.run([*PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), copy], check=True)


def missing_wheels(python: str, folder: Path) -> list[str]:
    """What of the lock has no wheel in a folder."""
    found = {parse_wheel_filename(path.name)[:2] for path in folder.glob("*.whl")}
    there = {(str(name), str(version)) for name, version in found}
    return [name for name, version in pinned(python) if (canonicalize_name(name), version) not in there]


def build(wheels: Path, target: Path, python_zip: Path | None) -> None:
    """Puts the folder together; without `python_zip` it has no Python of its own and runs with the computer's."""
    site = target / SITE
    site.mkdir(parents=True)
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as parts:
            parts.extractall(site)
    if python_zip:
        with zipfile.ZipFile(python_zip) as parts:
            parts.extractall(target / "python")
        for path in (target / "python").glob("python*._pth"):  # else it looks at nothing but its own library
            path.write_text(f"{path.stem}.zip\n.\nLib\\site-packages\nimport site\n", encoding="utf-8")
    for starter in STARTERS.iterdir():
        content = starter.read_text(encoding="utf-8")
        is_windows = starter.suffix == ".bat"  # cmd.exe loses its way in a file with short line ends
        (target / starter.name).write_bytes((content.replace("\n", "\r\n") if is_windows else content).encode())
        (target / starter.name).chmod(0o755)
    shutil.copytree(ROOT / "input_templates", target / "input_templates")
    shutil.copytree(ROOT / "docs", target / "docs", ignore=shutil.ignore_patterns("开发"))
    for name in ("input", "output"):
        (target / name).mkdir()


def checked(python_zip: Path, sha256: str) -> str:
    """The version of the embeddable Python. Raises SystemExit for another file."""
    name = EMBEDDED.fullmatch(python_zip.name)
    if not name:
        sys.exit(f"“{python_zip.name}”不是 Windows 的嵌入版 Python（应是 python-3.12.8-embed-amd64.zip 的样子）。")
    if hashlib.sha256(python_zip.read_bytes()).hexdigest() != sha256.lower():
        sys.exit(f"“{python_zip.name}”的校验值不对。请从 python.org 重新下载，照页面上的 SHA-256 填 PYTHON_SHA256。")
    return f"{name[1]}.{name[2]}"


def main() -> None:
    """Builds dist/绩效自评/ and its zip."""
    parser = argparse.ArgumentParser(description="做一个不用安装的 Windows 文件夹")
    parser.add_argument("--python-zip", type=Path, help="从 python.org 下载的嵌入版 Python（amd64）")
    parser.add_argument("--python-sha256", default="", help="它的 SHA-256")
    parser.add_argument("--python", default="3.12", help="没有嵌入版时，按哪个版本取软件包")
    options = parser.parse_args()
    zipped = options.python_zip if options.python_zip and options.python_zip.name else None
    python = checked(zipped, options.python_sha256) if zipped else options.python
    target = ROOT / "dist" / NAME
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as wheels:
        fetch(python, Path(wheels))
        build(Path(wheels), target, zipped)
    packed = shutil.make_archive(str(ROOT / "dist" / NAME), "zip", ROOT / "dist", NAME)
    without = "" if zipped else "（没有给 PYTHON_ZIP，里面没有 Python，不能直接给人用）"
    print(f"已写出 {Path(packed).relative_to(ROOT)}{without}")


if __name__ == "__main__":
    main()
