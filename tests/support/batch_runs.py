"""What the tests of whole runs share: folders of small workbooks, the tree of an output folder, and a worker that comes
to harm."""

import hashlib
import json
import os
import signal
import time
from functools import cache
from pathlib import Path
from typing import Any

from schemas import assert_record
from workbooks import content, department

from perfeval.documents.evaluation import Settings
from perfeval.output.record import Task
from perfeval.run.task import Processed, stage_one


@cache  # openpyxl writes the time into it
def small_workbook(name: str, executed: float = 23) -> bytes:
    """A workbook of the department `name`; `executed` makes a later version of it."""
    sheets = department()
    next(row for row in sheets["基本情况"] if row[0] == "部门名称")[1] = name
    sheets["项目"][2][6] = executed
    return content(sheets)


def fill(folder: Path, names: list[str], executed: float = 23) -> Path:
    """A folder with one workbook a department."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.xlsx").write_bytes(small_workbook(name, executed))
    return folder


def tree(folder: Path) -> dict[str, str]:
    """Path → sha256 of every file; folders without files count too."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() if p.is_file() else "folder"
        for p in sorted(folder.rglob("*"))
        if p.is_file() or not any(p.iterdir())
    }


def inputs(output: Path) -> dict[str, Any]:
    """The lines of the run record by file."""
    record = json.loads((output / "运行记录.json").read_text(encoding="utf-8"))
    assert_record(record)
    return {line["file"]: line for line in record["inputs"]}


def harmed_stage_one(settings: Settings, output: Path, task: Task) -> Processed:
    """In place of the real one: a file's name says what befalls the worker that reads it."""
    if "被杀" in task.file:
        os.kill(os.getpid(), signal.SIGKILL)
    if "停住" in task.file:
        time.sleep(600)
    if "耗尽内存" in task.file:
        bytearray(4 * 1024**3)
    if "出错" in task.file:
        raise RuntimeError("a bug")
    return stage_one(settings, output, task)
