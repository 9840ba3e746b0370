"""The workbook and the regulation folder on disk, each written whole or not at all."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path

from perfeval.errors import OutputError, RegulationError, UsageError
from perfeval.excel.guard import Refused
from perfeval.findings.finding import Finding
from perfeval.findings.render import by_severity, message
from perfeval.model.regulation import Regulation
from perfeval.output import files
from perfeval.output.seal import is_sealed, sealed_text
from perfeval.rules.load import FILE
from perfeval.rules.toml_file import MOST_BYTES, TomlFault, read_toml
from perfeval.run.workers import read_apart
from perfeval.schemes.workbook.read import Imported, read_regulation_workbook
from perfeval.schemes.workbook.write import regulation_workbook


def export_workbook(regulation: Regulation, regulations: Mapping[str, Regulation], path: Path) -> None:
    """Writes the workbook; one that is there already is not overwritten. Raises OutputError."""
    if os.path.lexists(path):
        raise OutputError(f"“{path}”已经存在，没有覆盖。", "请换一个文件名，或者先移走原来的文件。")
    files.write_file(path.parent, path.name, regulation_workbook(regulation, regulations))


def import_workbook(path: Path, folder: Path, regulations: Mapping[str, Regulation]) -> str:
    """Turns an edited workbook into `folder`/regulation.toml; returns what the operator sees, notices included.

    An earlier version of the same regulation there is replaced; one that was edited there is set aside. Raises
    RegulationError naming every finding (nothing is written then), UsageError where the workbook is not there or the
    folder holds another regulation, OutputError.
    """
    if not os.path.lexists(path):
        raise UsageError(f"找不到“{path}”。", "请检查文件的名称和位置。")
    imported = _imported(path, regulations)
    messages = messages_of(imported.findings)
    if imported.regulation is None or imported.text is None:
        raise RegulationError(
            f"{path.name}：有 {len(imported.findings)} 处要看，没有写出任何文件。\n{messages}",
            "逐格改好后保存，再导入一次。",
        )
    target = folder / FILE
    _refuse_another(target, imported.regulation.id)
    kept = files.write_over(folder, FILE, sealed_text(imported.text.encode()), is_sealed)
    use = "" if imported.regulation.id in regulations else f"用 --regulations {folder} 使用这个指标体系。"
    return "\n".join(filter(None, [messages, f"已写出 {target}。{use}", kept]))


def _imported(path: Path, regulations: Mapping[str, Regulation]) -> Imported:
    """Read in a worker: whoever edited the workbook, it ends no run of ours."""
    try:
        return read_apart(partial(read_regulation_workbook, regulations=regulations), path)
    except Refused as refused:
        return Imported(None, None, (refused.finding,))


def messages_of(findings: Iterable[Finding]) -> str:
    """The findings as any workbook's are printed."""
    return "\n".join(
        message(
            {
                **asdict(f),
                "answered": f.answered,
                "sheet": f.ref.sheet if f.ref else None,
                "cell": f.ref.address if f.ref else None,
            }
        )
        for f in by_severity(findings)
    )


def _refuse_another(target: Path, regulation_id: str) -> None:
    if not os.path.lexists(target):
        return
    try:
        there = read_toml(files.read_file(target, MOST_BYTES)).get("id")
    except (OSError, TomlFault):
        there = None
    if there != regulation_id:
        raise UsageError(f"“{target}”是另一个指标体系（{there or '读不出编号'}），没有覆盖。", "请换一个文件夹。")
