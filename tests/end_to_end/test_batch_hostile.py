"""A folder of hostile files beside good workbooks: each is refused with its own sentence, the others are as if it were
not there."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import batch_runs
import pytest
from batch_runs import fill, inputs, small_workbook, tree
from unsound_files import OLE, REFUSED, changed, packed, parts_of, shared

from perfeval.documents.evaluation import Settings
from perfeval.excel import guard
from perfeval.findings.catalogue import catalogue
from perfeval.run import batch, publisher, workers
from perfeval.run.batch import Order, run_report

SETTINGS = Settings(date(2026, 1, 15))
GOOD = ["甲局", "乙局", "丙局"]


def control_characters() -> bytes:
    return changed("xl/sharedStrings.xml", lambda xml: xml.replace("张三".encode(), b"\x01\x02", 1), shared)


def claims_to_be_a_good_one() -> bytes:
    """甲局's own name and year, and a sheet that cannot be read: it must not be in 甲局's way."""
    parts = parts_of(small_workbook("甲局"))
    parts["xl/worksheets/sheet12.xml"] = b"<worksheet><sheetData/>" + b"<a>" * 5000
    return packed(parts)


def hostile_files() -> dict[str, bytes]:
    files = {f"坏{number:02}.xlsx": make() for number, (_, _, make) in enumerate(REFUSED)}
    return {**files, "坏.et": OLE, "控制字符.xlsx": control_characters(), "冒名.xlsx": claims_to_be_a_good_one()}


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """The file is being copied all the while."""
    stop = threading.Event()

    def grow() -> None:
        while not stop.is_set():
            with path.open("ab") as stream:
                stream.write(b"more")
            time.sleep(0.02)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("undisturbed")
    run_report([fill(folder / "in", GOOD)], folder / "out", SETTINGS)
    return sets(folder / "out")


def sets(output: Path) -> dict[str, str]:
    return {path: digest for path, digest in tree(output).items() if path.startswith("2025/")}


def test_forty_hostile_files_harm_only_themselves(tmp_path: Path, undisturbed: dict[str, str]) -> None:
    folder = fill(tmp_path / "in", GOOD)
    hostile = hostile_files()
    for name, data in hostile.items():
        (folder / name).write_bytes(data)
    os.mkfifo(folder / "管道.xlsx")
    (folder / "链接.xlsx").symlink_to(folder / "甲局.xlsx")
    (folder / "太大.xlsx").touch()
    os.truncate(folder / "太大.xlsx", guard.FILE_BYTES + 1)
    (folder / "正在复制.xlsx").write_bytes(small_workbook("丁局"))
    (folder / "~$甲局.xlsx").write_bytes(b"lock")
    with growing(folder / "正在复制.xlsx"):
        outcome = run_report([folder], tmp_path / "out", SETTINGS, Order(2))
    lines = inputs(tmp_path / "out")
    assert lines.pop("控制字符.xlsx")["status"] == "returned"  # read without them
    refused = {
        name: line
        for name, line in lines.items()
        if name.removesuffix(".xlsx") not in GOOD and not name.startswith("~$")
    }
    assert len(refused) >= 40
    assert {line["status"] for line in refused.values()} <= {"rejected", "ignored"}
    assert all(line["reason"] for line in refused.values())
    for number, (code, _, _) in enumerate(REFUSED):
        assert codes(outcome, f"坏{number:02}.xlsx") in ([code], "copy")
    assert codes(outcome, "坏.et") in (["FILE_005"], "copy")
    assert codes(outcome, "管道.xlsx") == codes(outcome, "链接.xlsx") == ["FILE_012"]
    assert codes(outcome, "太大.xlsx") == ["FILE_008"]
    assert codes(outcome, "正在复制.xlsx") == ["FILE_007"]
    assert codes(outcome, "冒名.xlsx") == ["FILE_017"]
    assert lines["~$甲局.xlsx"]["status"] == "ignored"
    assert {path: digest for path, digest in sets(tmp_path / "out").items() if "教育局" not in path} == undisturbed
    assert not (tmp_path / "out" / ".perfeval").exists()


def codes(outcome: batch.RunOutcome, file: str) -> list[str] | str:
    entry = next(e for e in outcome.entries if e.file == file)
    return "copy" if entry.result is None else [f["code"] for f in entry.result["findings"]]


def test_a_worker_that_dies_hangs_or_bursts_costs_its_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: dict[str, str]
) -> None:
    monkeypatch.setattr(publisher, "stage_one", batch_runs.harmed_stage_one)
    monkeypatch.setattr(workers, "WALL_SECONDS", 8)
    folder = fill(tmp_path / "in", [*GOOD, "被杀局", "停住局", "耗尽内存局", "出错局"])
    outcome = run_report([folder], tmp_path / "out", SETTINGS, Order(2))
    assert {name: codes(outcome, f"{name}.xlsx") for name in ("被杀局", "停住局", "耗尽内存局", "出错局")} == {
        "被杀局": ["FILE_018"],
        "停住局": ["FILE_019"],
        "耗尽内存局": ["FILE_018"],
        "出错局": ["BATCH_002"],
    }
    assert isinstance(outcome.fault, RuntimeError)
    assert inputs(tmp_path / "out")["停住局.xlsx"]["reason"].startswith(catalogue()["FILE_019"].message[:6])
    assert sets(tmp_path / "out") == undisturbed
