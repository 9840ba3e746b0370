"""A set is wholly old, wholly new or briefly absent; files of others are kept; an interrupted run is finished by the next."""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from perfeval import publishing
from perfeval.publishing import MANIFEST, RESULT_FILE, WORK_FOLDER, publish, recover, stage

TARGET = "2025/甲局"


def files(version: str) -> dict[str, bytes]:
    documents = {"score_workbook": "甲局_2025_评分表.xlsx", "report": f"报告{version}.docx", "returned": None}
    result = {"source": {"file": "甲局.xlsx"}, "documents": documents}
    return {"甲局_2025_评分表.xlsx": version.encode(), f"报告{version}.docx": version.encode(), RESULT_FILE: json.dumps(result).encode()}


def published(output: Path) -> dict[str, bytes]:
    folder = output / TARGET
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())} if folder.is_dir() else {}


def put(output: Path, version: str) -> None:
    publish(output, stage(output, "id", TARGET, files(version)))


def test_a_new_set_replaces_the_old_one(tmp_path: Path) -> None:
    put(tmp_path, "1")
    put(tmp_path, "2")
    assert published(tmp_path) == files("2")


def test_a_signed_scan_beside_the_documents_is_kept(tmp_path: Path) -> None:
    put(tmp_path, "1")
    (tmp_path / TARGET / "盖章件.pdf").write_bytes(b"scan")
    put(tmp_path, "2")
    assert published(tmp_path) == {**files("2"), "盖章件.pdf": b"scan"}


def test_a_foreign_file_of_the_same_name_is_kept_beside(tmp_path: Path) -> None:
    (tmp_path / TARGET).mkdir(parents=True)
    (tmp_path / TARGET / "报告1.docx").write_bytes(b"theirs")
    put(tmp_path, "1")
    assert published(tmp_path) == {**files("1"), "报告1（原有2）.docx": b"theirs"}


def test_what_was_not_committed_is_cleared(tmp_path: Path) -> None:
    put(tmp_path, "1")
    stage(tmp_path, "id", TARGET, files("2"))
    recover(tmp_path)
    assert published(tmp_path) == files("1")
    assert not (tmp_path / WORK_FOLDER).exists()


@pytest.mark.parametrize("call", range(1, 9))
def test_an_interruption_anywhere_after_the_commit_is_finished_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """The n-th rename or removal after the commit point is where the power fails."""
    put(tmp_path, "1")
    (tmp_path / TARGET / "盖章件.pdf").write_bytes(b"scan")
    staged = stage(tmp_path, "id", TARGET, files("2"))
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):  # none where fewer calls are made: the set is in place already
        fail_at(patch, call)
        publish(tmp_path, staged)
    recover(tmp_path)
    version = "1" if call == 1 else "2"
    assert published(tmp_path) == {**files(version), "盖章件.pdf": b"scan"}


def fail_at(patch: pytest.MonkeyPatch, call: int) -> None:
    """The first call is the commit itself (new → ready)."""
    count = 0
    rename, rmtree = Path.rename, publishing.shutil.rmtree

    def counted(do):
        def wrapper(*args, **options):
            nonlocal count
            count += 1
            if count == call:
                raise KeyboardInterrupt
            return do(*args, **options)

        return wrapper

    patch.setattr(Path, "rename", counted(rename))
    patch.setattr(publishing.shutil, "rmtree", counted(rmtree))


def test_a_committed_set_whose_files_are_damaged_is_dropped(tmp_path: Path) -> None:
    put(tmp_path, "1")
    staged = stage(tmp_path, "id", TARGET, files("2"))
    (staged.folder / MANIFEST).write_text(json.dumps({"target": TARGET, "hashes": dict(staged.hashes)}), encoding="utf-8")
    ready = staged.folder.rename(staged.folder.with_name("ready-id"))
    (ready / "set" / "报告2.docx").write_bytes(b"")  # a power cut left it empty
    recover(tmp_path)
    assert published(tmp_path) == files("1")


def test_a_withdrawn_set_goes_but_not_what_others_put_there(tmp_path: Path) -> None:
    put(tmp_path, "1")
    (tmp_path / TARGET / "盖章件.pdf").write_bytes(b"scan")
    publishing.withdraw(tmp_path / TARGET)
    assert published(tmp_path) == {"盖章件.pdf": b"scan"}


def test_a_withdrawn_set_leaves_no_empty_folder(tmp_path: Path) -> None:
    put(tmp_path, "1")
    publishing.withdraw(tmp_path / TARGET)
    assert list(tmp_path.glob("2025*")) == []


def test_the_old_set_comes_back_where_the_new_one_is_damaged(tmp_path: Path) -> None:
    put(tmp_path, "1")
    staged = stage(tmp_path, "id", TARGET, files("2"))
    (staged.folder / MANIFEST).write_text(json.dumps({"target": TARGET, "hashes": dict(staged.hashes)}), encoding="utf-8")
    ready = staged.folder.rename(staged.folder.with_name("ready-id"))
    (ready / "set" / "报告2.docx").write_bytes(b"")
    (tmp_path / TARGET).rename(ready.with_name("old-id"))
    recover(tmp_path)
    assert published(tmp_path) == files("1")
