"""LibreOffice as an independent judge: recalculates workbooks, renders pages. It knows nothing of perfeval."""

import io
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from openpyxl import Workbook, load_workbook

# Without these LibreOffice trusts the cached values of files that it did not write itself: 0 = always recalculate
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
SECONDS = 300
POINTS_AND_AMOUNTS, RATES = 0.005, 0.00005


@cache
def _home() -> tempfile.TemporaryDirectory[str]:
    """One profile for all calls of a test process."""
    home = tempfile.TemporaryDirectory(prefix="perfeval-libreoffice-")
    user = Path(home.name) / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    return home


def _convert(files: Mapping[str, bytes], target: str, folder: Path) -> dict[str, Path]:
    """Every file converted to `target` in one call; names are kept except for the suffix."""
    sources, results = folder / "in", folder / "out"
    sources.mkdir()
    for name, content in files.items():
        (sources / name).write_bytes(content)
    profile = (Path(_home().name) / "profile").as_uri()
    command = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        target,
        "--outdir",
        str(results),
    ]
    done = subprocess.run(
        [*command, *(str(sources / name) for name in files)], capture_output=True, timeout=SECONDS, check=False
    )
    suffix = target.partition(":")[0]
    converted = {name: results / f"{Path(name).stem}.{suffix}" for name in files}
    lost = [name for name, path in converted.items() if not path.is_file()]
    assert not lost, f"LibreOffice did not convert {lost}: {done.stderr.decode(errors='replace')}"
    return converted


def recalculated(files: Mapping[str, bytes]) -> dict[str, Workbook]:
    """Each .xlsx opened, wholly recalculated and saved by LibreOffice, then read with the values it came to."""
    with tempfile.TemporaryDirectory() as folder:
        converted = _convert(files, "xlsx:Calc MS Excel 2007 XML", Path(folder))
        return {name: load_workbook(io.BytesIO(path.read_bytes()), data_only=True) for name, path in converted.items()}


def pages(content: bytes, suffix: str, folder: Path, dots_per_inch: int = 70) -> list[Path]:
    """The printed pages of an .xlsx or .docx as PNG files in `folder`, in order."""
    with tempfile.TemporaryDirectory() as work:
        pdf = _convert({f"document.{suffix}": content}, "pdf", Path(work))[f"document.{suffix}"]
        subprocess.run(
            ["pdftoppm", "-png", "-r", str(dots_per_inch), str(pdf), str(folder / "page")], check=True, timeout=SECONDS
        )
    return sorted(folder.glob("page-*.png"))


def disagreements(files: Mapping[str, bytes]) -> list[str]:
    """Every formula whose recalculated value is not the cached one, as 文件 表!格：公式 cached → recalculated."""
    judged = recalculated(files)
    return [line for name, content in files.items() for line in _compare(name, content, judged[name])]


def _compare(name: str, content: bytes, judged: Workbook) -> list[str]:
    formulas, cached = load_workbook(io.BytesIO(content)), load_workbook(io.BytesIO(content), data_only=True)
    return [
        f"{name} {sheet.title}!{cell.coordinate}：{cell.value} {reported!r} → {found!r}"
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
        for reported, found in [
            (cached[sheet.title][cell.coordinate].value, judged[sheet.title][cell.coordinate].value)
        ]
        if not agree(reported, found)
    ]


def count_formulas(content: bytes) -> int:
    """How many formulas a workbook holds: a judge that looked at none proves nothing."""
    return sum(
        cell.data_type == "f"
        for sheet in load_workbook(io.BytesIO(content))
        for row in sheet.iter_rows()
        for cell in row
    )


def agree(cached: object, recalculated_value: object) -> bool:
    """Numbers within the tolerances of docs/开发/文档.md: up to 1.5 as rates, beyond as scores and amounts; all else
    equal."""
    if isinstance(cached, int | float) and isinstance(recalculated_value, int | float):
        return abs(cached - recalculated_value) <= (RATES if abs(cached) <= 1.5 else POINTS_AND_AMOUNTS)
    return cached == recalculated_value
