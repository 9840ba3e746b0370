"""A set is wholly old, wholly new or briefly absent; files of others are kept; an interrupted run is finished by the
next."""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from perfeval.errors import OutputError
from perfeval.output import files as files_module
from perfeval.output import publishing
from perfeval.output.publishing import MANIFEST, RESULT_FILE, WORK_FOLDER, Superseded, clear, publish, recover, stage
from perfeval.output.sets import named_documents

TARGET = "2025/甲局"
ID = "0123456789abcdef"


def files(version: str) -> dict[str, bytes]:
    documents = {"score_workbook": "甲局_2025_评分表.xlsx", "report": f"报告{version}.docx", "returned": None}
    result = {"source": {"file": "甲局.xlsx", "sha256": version}, "documents": documents}
    return {
        "甲局_2025_评分表.xlsx": version.encode(),
        f"报告{version}.docx": version.encode(),
        RESULT_FILE: json.dumps(result).encode(),
    }


def published(output: Path) -> dict[str, bytes]:
    folder = output / TARGET
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())} if folder.is_dir() else {}


def put(output: Path, version: str) -> None:
    publish(output, stage(output, ID, TARGET, files(version)))


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
    stage(tmp_path, ID, TARGET, files("2"))
    recover(tmp_path)
    assert published(tmp_path) == files("1")
    assert not (tmp_path / WORK_FOLDER).exists()


@pytest.mark.parametrize("call", range(1, 9))
def test_an_interruption_anywhere_after_the_commit_is_finished_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """The n-th rename or removal from the commit point is where the power fails."""
    put(tmp_path, "1")
    (tmp_path / TARGET / "盖章件.pdf").write_bytes(b"scan")
    staged = stage(tmp_path, ID, TARGET, files("2"))
    with (
        monkeypatch.context() as patch,
        suppress(KeyboardInterrupt),
    ):  # none where fewer calls are made: the set is in place already
        fail_at(patch, call)
        publish(tmp_path, staged)
    recover(tmp_path)
    version = "1" if call == 1 else "2"
    assert published(tmp_path) == {**files(version), "盖章件.pdf": b"scan"}


def fail_at(patch: pytest.MonkeyPatch, call: int) -> None:
    """The first call is the commit itself (new → ready)."""
    count = 0
    calls = [(Path, "rename"), (Path, "unlink"), (Path, "rmdir"), (files_module.shutil, "rmtree")]

    def counted(do):
        def wrapper(*args, **options):
            nonlocal count
            count += 1
            if count == call:
                raise KeyboardInterrupt
            return do(*args, **options)

        return wrapper

    for owner, name in calls:
        patch.setattr(owner, name, counted(getattr(owner, name)))


def test_a_committed_set_whose_files_are_damaged_is_dropped(tmp_path: Path) -> None:
    put(tmp_path, "1")
    staged = stage(tmp_path, ID, TARGET, files("2"))
    ready = staged.folder.rename(staged.folder.with_name(f"ready-{ID}"))
    (ready / "set" / "报告2.docx").write_bytes(b"")  # a power cut left it empty
    recover(tmp_path)
    assert published(tmp_path) == files("1")


def test_a_withdrawn_set_goes_but_not_what_others_put_there(tmp_path: Path) -> None:
    put(tmp_path, "1")
    (tmp_path / TARGET / "盖章件.pdf").write_bytes(b"scan")
    publishing.withdraw(tmp_path, TARGET)
    assert published(tmp_path) == {"盖章件.pdf": b"scan"}


def test_a_withdrawn_set_leaves_no_empty_folder(tmp_path: Path) -> None:
    put(tmp_path, "1")
    publishing.withdraw(tmp_path, TARGET)
    assert list(tmp_path.glob("2025*")) == []


def hold(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Windows refuses to rename a folder with an open file in it."""
    real = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self == folder:
            raise PermissionError(13, "open in another program")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", refused)


def test_a_set_of_which_a_document_is_open_is_withdrawn_wholly_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "1")
    hold(monkeypatch, tmp_path / TARGET)
    with pytest.raises(OutputError, match="旧的结果没有清除"):
        publishing.withdraw(tmp_path, TARGET)
    clear(tmp_path)
    assert whole_tree(tmp_path) == below(TARGET, files("1"))


@pytest.mark.parametrize("scan", [{}, {"盖章件.pdf": b"scan"}])
@pytest.mark.parametrize("call", range(1, 14))
def test_a_withdrawal_that_is_interrupted_is_finished_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int, scan: dict[str, bytes]
) -> None:
    put(tmp_path, "1")
    for name, content in scan.items():
        (tmp_path / TARGET / name).write_bytes(content)
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        fail_at(patch, call)
        publishing.withdraw(tmp_path, TARGET)
    assert published(tmp_path) in ({**files("1"), **scan}, {}, scan)
    recover(tmp_path)
    before_the_commit = call <= 2  # clearing a folder for the staging is the first call
    assert published(tmp_path) == ({**files("1"), **scan} if before_the_commit else scan)
    assert before_the_commit or scan or list(tmp_path.iterdir()) == []


def test_the_old_set_comes_back_where_the_new_one_is_damaged(tmp_path: Path) -> None:
    put(tmp_path, "1")
    staged = stage(tmp_path, ID, TARGET, files("2"))
    ready = staged.folder.rename(staged.folder.with_name(f"ready-{ID}"))
    (ready / "set" / "报告2.docx").write_bytes(b"")
    (tmp_path / TARGET).rename(ready.with_name(f"old-{ID}"))
    recover(tmp_path)
    assert published(tmp_path) == files("1")


def test_a_set_that_cannot_reach_its_place_is_brought_there_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virus scanner holds the new set for a moment: neither it, nor the old one, nor a scan that had moved already is
    lost."""
    put(tmp_path, "1")
    (tmp_path / TARGET / "盖章件.pdf").write_bytes(b"scan")
    real = Path.rename

    def held(self: Path, target: Path) -> Path:
        if self.name == "set":
            raise PermissionError(13, "held")
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", held)
        with pytest.raises(OutputError, match="写不进去"):
            put(tmp_path, "2")
        clear(tmp_path)  # as a run does at its end
    recover(tmp_path)
    assert published(tmp_path) == {**files("2"), "盖章件.pdf": b"scan"}
    assert not (tmp_path / WORK_FOLDER).exists()


def test_a_full_disk_at_the_commit_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "1")
    staged = stage(tmp_path, ID, TARGET, files("2"))

    def full(path: Path, _: Path) -> Path:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OutputError, match="磁盘已满"):
        publish(tmp_path, staged)
    assert published(tmp_path) == files("1")


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        '{"target"',
        "[]",
        "[" * 100_000,
        '{"target": "../../in", "hashes": {}}',
        '{"target": "/tmp/x", "hashes": {}}',
        '{"hashes": {}}',
    ],
)
def test_a_manifest_that_perfeval_did_not_write_stops_nobody_and_leads_nowhere(tmp_path: Path, manifest: str) -> None:
    output = tmp_path / "a" / "out"
    put(output, "1")
    ready = output / WORK_FOLDER / f"ready-{16 * 'f'}"
    (ready / "set").mkdir(parents=True)
    (ready / "set" / "x").write_bytes(b"")
    (ready / MANIFEST).write_text(manifest, encoding="utf-8")
    recover(output)
    assert published(output) == files("1")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert [path.name for path in output.iterdir()] == ["2025"]


@pytest.mark.parametrize("name", ["../../../in/甲局.xlsx", "{absolute}", "..", "a\\b", "C:x"])
def test_a_result_that_names_files_elsewhere_removes_nothing_there(tmp_path: Path, name: str) -> None:
    """An official's own workbook is never removed, whatever somebody wrote into a 结果.json."""
    original = tmp_path / "in" / "甲局.xlsx"
    original.parent.mkdir()
    original.write_bytes(b"theirs")
    put(tmp_path / "out", "1")
    documents = {"score_workbook": name.format(absolute=original), "report": 3, "returned": ["x"]}
    (tmp_path / "out" / TARGET / RESULT_FILE).write_text(
        json.dumps({"documents": documents, "source": "x"}), encoding="utf-8"
    )
    assert named_documents(tmp_path / "out" / TARGET) == {RESULT_FILE}
    publishing.withdraw(tmp_path / "out", TARGET)
    assert original.read_bytes() == b"theirs"
    assert (tmp_path / "out" / TARGET / "报告1.docx").exists()


@pytest.mark.parametrize("call", range(1, 9))
def test_a_recovery_that_is_interrupted_itself_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """Killed after the old set was renamed away, and again anywhere in the recovery."""
    put(tmp_path, "1")
    (tmp_path / TARGET / "盖章件.pdf").write_bytes(b"scan")
    staged = stage(tmp_path, ID, TARGET, files("2"))
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        fail_at(patch, 3)
        publish(tmp_path, staged)
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        fail_at(patch, call)
        recover(tmp_path)
    recover(tmp_path)
    assert published(tmp_path) == {**files("2"), "盖章件.pdf": b"scan"}
    assert not (tmp_path / WORK_FOLDER).exists()


SCAN = {"盖章件.pdf": b"scan"}
OLDER = {"历史/v1/评分表.xlsx": b"0", "历史/v1/结果.json": b"{}"}


def whole_tree(output: Path) -> dict[str, bytes]:
    return {p.relative_to(output).as_posix(): p.read_bytes() for p in sorted(output.rglob("*")) if p.is_file()}


def below(target: str, files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{target}/{name}": content for name, content in files.items()}


def filed(output: Path, target: str) -> None:
    """Version 2 with a scan and a still older version beside it."""
    publish(output, stage(output, ID, target, files("2")))
    for name, content in {**SCAN, **OLDER}.items():
        (output / target / name).parent.mkdir(parents=True, exist_ok=True)
        (output / target / name).write_bytes(content)


def third_staged(output: Path, folder: str = TARGET) -> publishing.StagedSet:
    return stage(output, ID, TARGET, files("3"), Superseded(folder, "2", "v2"))


def third(output: Path, folder: str = TARGET, staged: publishing.StagedSet | None = None) -> None:
    publish(output, staged or third_staged(output, folder))


SUPERSEDED = below(
    TARGET, {**files("3"), **SCAN, **OLDER, **{f"历史/v2/{name}": content for name, content in files("2").items()}}
)
ELSEWHERE = "待补/甲局"


@pytest.mark.parametrize("folder", [TARGET, ELSEWHERE])
def test_a_superseded_set_moves_into_history(tmp_path: Path, folder: str) -> None:
    filed(tmp_path, folder)
    third(tmp_path, folder)
    publishing.clear(tmp_path)
    assert whole_tree(tmp_path) == SUPERSEDED
    assert folder == TARGET or not (tmp_path / ELSEWHERE).parent.exists()


@pytest.mark.parametrize("folder", [TARGET, ELSEWHERE])
@pytest.mark.parametrize("call", range(1, 16))
def test_an_interruption_while_a_set_is_superseded_is_finished_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int, folder: str
) -> None:
    """Nothing of the new set, of the superseded one, of what others put there is ever lost, and no folder holds two
    versions side by side."""
    filed(tmp_path, folder)
    staged = third_staged(tmp_path, folder)
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        fail_at(patch, call)
        third(tmp_path, folder, staged)
    shown = [p.name for p in (tmp_path / TARGET).glob("报告*.docx")]
    assert len(shown) <= 1
    recover(tmp_path)
    before = below(folder, {**files("2"), **SCAN, **OLDER})
    assert whole_tree(tmp_path) == (before if call == 1 else SUPERSEDED)


@pytest.mark.parametrize("call", range(2, 9))  # then it is in its place
def test_what_had_moved_comes_back_where_the_new_set_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    filed(tmp_path, TARGET)
    before = below(TARGET, {**files("2"), **SCAN, **OLDER})
    staged = third_staged(tmp_path)
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        fail_at(patch, call)
        third(tmp_path, TARGET, staged)
    (tmp_path / WORK_FOLDER / f"ready-{ID}" / "set" / "报告3.docx").write_bytes(b"")  # a power cut left it empty
    recover(tmp_path)
    assert whole_tree(tmp_path) == before


def test_a_set_elsewhere_that_is_another_by_now_is_left_alone(tmp_path: Path) -> None:
    publish(tmp_path, stage(tmp_path, ID, ELSEWHERE, files("5")))
    third(tmp_path, ELSEWHERE)
    publishing.clear(tmp_path)
    assert whole_tree(tmp_path) == {**below(ELSEWHERE, files("5")), **below(TARGET, files("3"))}


def test_a_file_called_like_the_history_is_kept_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "2")
    (tmp_path / TARGET / "历史").write_bytes(b"theirs")
    third(tmp_path)
    assert (tmp_path / TARGET / "历史（原有2）").read_bytes() == b"theirs"
    assert (tmp_path / TARGET / "历史" / "v2" / "报告2.docx").read_bytes() == b"2"


@pytest.mark.parametrize("locked", [TARGET, ELSEWHERE])
def test_where_one_of_two_folders_is_open_both_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locked: str
) -> None:
    filed(tmp_path, ELSEWHERE)
    put(tmp_path, "1")
    publishing.clear(tmp_path)
    before = whole_tree(tmp_path)
    hold(monkeypatch, tmp_path / locked)
    with pytest.raises(OutputError, match="请关闭文件"):
        third(tmp_path, ELSEWHERE)
    monkeypatch.undo()
    recover(tmp_path)
    assert whole_tree(tmp_path) == before
