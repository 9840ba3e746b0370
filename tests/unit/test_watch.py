"""When a folder under watch is due for a run, and which of its workbooks wait."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from perfeval.run.watch import PATIENCE, Watch


def whole(text: str = "x") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        parts.writestr("part", text * 100)
    return stream.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "input").mkdir()
    return tmp_path / "input"


@pytest.fixture
def watch(folder: Path) -> Watch:
    return Watch(folder, folder.parent / "output")


def put(path: Path, content: bytes, second: int = 0) -> Path:
    path.write_bytes(content)
    os.utime(path, (1_700_000_000 + second,) * 2)
    return path


def names(found: frozenset[Path] | None) -> set[str] | None:
    return None if found is None else {path.name for path in found}


def test_an_empty_folder_is_never_due(watch: Watch) -> None:
    assert [watch.look() for _ in range(3)] == [None] * 3


def test_a_workbook_is_due_at_its_second_look_and_then_no_more(folder: Path, watch: Watch) -> None:
    put(folder / "甲局.xlsx", whole())
    assert [names(watch.look()) for _ in range(4)] == [None, set(), None, None]


def test_one_that_is_replaced_is_due_again_once_it_is_at_rest(folder: Path, watch: Watch) -> None:
    put(folder / "甲局.xlsx", whole())
    watch.look()
    watch.look()
    put(folder / "甲局.xlsx", whole("y"), 1)
    assert [names(watch.look()) for _ in range(3)] == [None, set(), None]


def test_one_that_grows_waits(folder: Path, watch: Watch) -> None:
    content = whole()
    for length in (50, 60, 70):
        put(folder / "甲局.xlsx", content[:length], length)
        assert watch.look() is None


def test_the_first_part_of_a_copy_that_stands_still_waits_but_not_for_ever(folder: Path, watch: Watch) -> None:
    put(folder / "甲局.xlsx", whole()[:60])
    looks = [names(watch.look()) for _ in range(PATIENCE + 2)]
    assert looks == [*[None] * PATIENCE, set(), None]


def test_what_is_no_zip_at_all_does_not_wait(folder: Path, watch: Watch) -> None:
    """The run says what it is."""
    put(folder / "甲局.xlsx", b"<html>")
    assert [names(watch.look()) for _ in range(2)] == [None, set()]


@pytest.mark.parametrize("mark", ["~$甲局.xlsx", ".~甲局.xlsx", ".~lock.甲局.xlsx#"])
def test_one_that_is_open_waits_while_the_others_go_on(folder: Path, watch: Watch, mark: str) -> None:
    put(folder / "甲局.xlsx", whole())
    put(folder / "乙局.xlsx", whole("y"))
    (folder / mark).write_bytes(b"")
    assert [names(watch.look()) for _ in range(3)] == [None, {"甲局.xlsx"}, None]
    (folder / mark).unlink()
    assert names(watch.look()) == set()


def test_one_that_is_gone_for_a_moment_is_not_gone(folder: Path, watch: Watch) -> None:
    """Excel saves by writing another file and renaming it."""
    path = put(folder / "甲局.xlsx", whole())
    watch.look()
    watch.look()
    path.rename(folder / "save.tmp")
    assert watch.look() is None
    (folder / "save.tmp").rename(path)
    assert [watch.look() for _ in range(3)] == [None] * 3
    path.unlink()
    assert [names(watch.look()) for _ in range(3)] == [None, set(), None]


def test_a_run_that_did_not_take_place_is_due_at_the_next_look(folder: Path, watch: Watch) -> None:
    put(folder / "甲局.xlsx", whole())
    watch.look()
    watch.look()
    watch.look_again()
    assert [names(watch.look()) for _ in range(2)] == [set(), None]


def test_the_results_are_not_watched(folder: Path) -> None:
    (folder / "output").mkdir()
    put(folder / "output" / "汇总表.xlsx", whole())
    watch = Watch(folder, folder / "output")
    assert [watch.look() for _ in range(3)] == [None] * 3
