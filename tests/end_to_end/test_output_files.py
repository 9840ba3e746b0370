"""Whatever somebody put into the output folder stays as it is: nothing is written through a link, nothing of others is
emptied or removed."""

import ast
import os
import shutil
import socket
from collections.abc import Callable
from datetime import date
from pathlib import Path

import places
import pytest
from batch_runs import fill, inputs

from perfeval.cli.commands import main
from perfeval.documents.evaluation import Settings
from perfeval.errors import OutputError
from perfeval.output import files
from perfeval.output.files import InTheWay, Kind, kind_of
from perfeval.output.publishing import LOCK_FILE, OURS
from perfeval.output.state import RECORD_FILE, RESULT_FILE, WORK_FOLDER
from perfeval.run.batch import run_report

ROOT = places.ROOT / "perfeval"
SCORES = "甲局_2025_评分表.xlsx"
SECRET = b"somebody's own"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a permission there")


# One module writes


def writes(node: ast.AST) -> bool:
    """Whether a call makes, changes, moves or removes something on disk (str.replace has two arguments, Path.replace
    one)."""
    if not isinstance(node, ast.Call):
        return False
    name = (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )
    owner = node.func.value.id if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) else ""
    if owner == "files" or (owner == "package" and name == "open"):  # a part of a zip in memory
        return False
    if name == "open" and owner == "os":
        return not any(word in ast.dump(node) for word in ("devnull", "O_RDONLY"))
    if name == "open":
        modes = [
            a.value
            for a in [*node.args[:2], *(k.value for k in node.keywords if k.arg == "mode")]
            if isinstance(a, ast.Constant)
        ]
        return any(isinstance(mode, str) and set(mode) & set("wax+") and len(mode) <= 4 for mode in modes)
    if name == "replace":
        return len(node.args) == 1 and not node.keywords
    always = {
        "write_bytes",
        "write_text",
        "mkdir",
        "makedirs",
        "rename",
        "renames",
        "unlink",
        "rmdir",
        "rmtree",
        "touch",
        "symlink_to",
    }
    always |= {
        "hardlink_to",
        "copyfile",
        "copytree",
        "copy2",
        "mkstemp",
        "mkdtemp",
        "NamedTemporaryFile",
        "TemporaryDirectory",
    }
    return (
        name in always
        or (owner == "os" and name in {"remove", "link", "symlink", "truncate", "removedirs"})
        or (owner == "shutil" and name != "which")
    )


def test_one_module_alone_writes() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if writes(node) and path != ROOT / "output" / "files.py"
    }
    assert found == set()


@pytest.mark.parametrize(
    "call", ["p.write_bytes(b'')", "open(p, 'w')", "p.open('ab')", "p.replace(q)", "os.open(p, f)", "shutil.move(p, q)"]
)
def test_that_test_sees_what_writes(call: str) -> None:
    assert any(writes(node) for node in ast.walk(ast.parse(call)))


# The writer itself


def put_link(path: Path, elsewhere: Path) -> None:
    path.symlink_to(elsewhere)


def put_dangling_link(path: Path, elsewhere: Path) -> None:
    path.symlink_to(elsewhere / "nowhere")


def put_pipe(path: Path, _: Path) -> None:
    os.mkfifo(path)


def put_folder(path: Path, _: Path) -> None:
    path.mkdir()
    (path / "theirs").write_bytes(SECRET)


def put_socket(path: Path, _: Path) -> None:
    before = os.getcwd()
    os.chdir(path.parent)  # a socket's path may not be long
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(before)


Put = Callable[[Path, Path], None]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Somebody's own folder and file."""
    folder = tmp_path / "theirs"
    (folder / "inner").mkdir(parents=True)
    for name in ("own.txt", "inner/own.txt", RESULT_FILE, "manifest.json"):
        (folder / name).write_bytes(SECRET)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("put", [put_link, put_dangling_link, put_pipe, put_folder, put_socket])
def test_a_file_is_written_over_an_ordinary_file_alone(tmp_path: Path, elsewhere: Path, put: Put) -> None:
    path = tmp_path / "汇总表.xlsx"
    put(path, elsewhere / "own.txt")
    kind, before = kind_of(path), contents(elsewhere)
    with pytest.raises(InTheWay, match=r"汇总表.*没有写进去") as reported:
        files.write_file(tmp_path, path.name, b"ours")
    assert reported.value.remedy
    assert reported.value.exit_code == 5
    assert (kind_of(path), contents(elsewhere)) == (kind, before)
    assert {p.name for p in tmp_path.iterdir()} == {path.name, elsewhere.name}


def test_no_folder_on_the_way_is_a_link(tmp_path: Path, elsewhere: Path) -> None:
    (tmp_path / "复核").symlink_to(elsewhere)
    before = contents(elsewhere)
    with pytest.raises(InTheWay, match="复核"):
        files.write_file(tmp_path, "复核/own.txt", b"ours")
    assert contents(elsewhere) == before


def test_the_chosen_folder_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    files.write_file(tmp_path / "link", "a/b", b"ours")
    assert (tmp_path / "real" / "a" / "b").read_bytes() == b"ours"


def test_another_name_of_the_same_file_keeps_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(SECRET)
    os.link(tmp_path / "theirs", tmp_path / "ours")
    files.write_file(tmp_path, "ours", b"new")
    assert (tmp_path / "theirs").read_bytes() == SECRET
    os.link(tmp_path / "theirs", tmp_path / "changed")
    with pytest.raises(InTheWay, match="硬链接"):
        files.open_to_change(tmp_path / "changed")


def test_a_way_out_of_the_chosen_folder_is_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="leads out"):
        files.write_file(tmp_path / "out", "../x", b"")


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="写不进去"):
        files.write_files(tmp_path / "file", {"x": b""})


def test_a_junction_of_windows_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Facts:
        st_mode, st_reparse_tag = 0o040755, 0xA0000003

    monkeypatch.setattr(Path, "lstat", lambda self: Facts())
    assert kind_of(tmp_path) is Kind.LINK


@pytest.mark.parametrize("put", [put_link, put_pipe, put_folder])
def test_what_is_no_ordinary_file_is_not_read(tmp_path: Path, elsewhere: Path, put: Put) -> None:
    put(tmp_path / "x", elsewhere / "own.txt")
    with pytest.raises(OSError, match="x"):
        files.read_file(tmp_path / "x", 100)


# A whole run


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with inputs and outputs of two departments."""
    base = tmp_path_factory.mktemp("published")
    run_report([fill(base / "in", ["甲局", "乙局"])], base / "out", Settings(date(2026, 1, 15)))
    return base


@pytest.fixture
def place(published: Path, tmp_path: Path) -> Path:
    shutil.copytree(published, tmp_path / "run")
    return tmp_path / "run"


def in_place_of(name: str, put: Put) -> Put:
    """Something of somebody else is where perfeval has written, or would."""

    def set_up(output: Path, elsewhere: Path) -> None:
        path = output / name
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
        path.parent.mkdir(exist_ok=True)
        put(path, elsewhere)

    return set_up


def put_foreign_file(path: Path, _: Path) -> None:
    path.write_bytes(SECRET)


def put_file_link(path: Path, elsewhere: Path) -> None:
    path.symlink_to(elsewhere / "own.txt")


def put_hard_link(path: Path, elsewhere: Path) -> None:
    os.link(elsewhere / "own.txt", path)


WHOLE_RUN = {  # these stop it: nothing can be written safely
    "work folder a link": in_place_of(WORK_FOLDER, put_link),
    "work folder a file": in_place_of(WORK_FOLDER, put_foreign_file),
    "work folder a pipe": in_place_of(WORK_FOLDER, put_pipe),
    "lock a link": in_place_of(f"{WORK_FOLDER}/{LOCK_FILE}", put_file_link),
    "lock a dangling link": in_place_of(f"{WORK_FOLDER}/{LOCK_FILE}", put_dangling_link),
    "lock a hard link": in_place_of(f"{WORK_FOLDER}/{LOCK_FILE}", put_hard_link),
    "lock somebody's file": in_place_of(f"{WORK_FOLDER}/{LOCK_FILE}", put_foreign_file),
    "lock a pipe": in_place_of(f"{WORK_FOLDER}/{LOCK_FILE}", put_pipe),
    "lock a folder": in_place_of(f"{WORK_FOLDER}/{LOCK_FILE}", put_folder),
    "journal a link": in_place_of(f"{WORK_FOLDER}/journal.jsonl", put_file_link),
    "a committed set a link": in_place_of(f"{WORK_FOLDER}/ready-0123456789abcdef", put_link),
}
ONE_SET = {  # these stop the set of 甲局
    "year a link": in_place_of("2025", put_link),
    "year a file": in_place_of("2025", put_foreign_file),
    "set a link": in_place_of("2025/甲局", put_link),
    "set a file": in_place_of("2025/甲局", put_foreign_file),
    "set a pipe": in_place_of("2025/甲局", put_pipe),
    "document a link": in_place_of(f"2025/甲局/{SCORES}", put_file_link),
    "document a pipe": in_place_of(f"2025/甲局/{SCORES}", put_pipe),
    "document a folder": in_place_of(f"2025/甲局/{SCORES}", put_folder),
    "result a link": in_place_of(f"2025/甲局/{RESULT_FILE}", put_file_link),
    "history a link": in_place_of("2025/甲局/历史", put_link),
}
OWN_FILE = {  # these stop summary or record alone
    "summary a link": in_place_of("汇总表.xlsx", put_file_link),
    "summary a folder": in_place_of("汇总表.xlsx", put_folder),
    "record a dangling link": in_place_of(RECORD_FILE, put_dangling_link),
    "record a pipe": in_place_of(RECORD_FILE, put_pipe),
}


def shape(folder: Path) -> dict[str, str]:
    """What is where, links as links."""
    return {p.relative_to(folder).as_posix(): kind_of(p).name for p in sorted(folder.rglob("*"))}


def run(place: Path, *more: str) -> int:
    return main(
        [
            "report",
            str(place / "in"),
            "-o",
            str(place / "out"),
            "--jobs",
            "1",
            "--as-of",
            "2026-01-15",
            "--force",
            *more,
        ]
    )


@pytest.mark.parametrize("name", WHOLE_RUN)
def test_a_work_folder_that_is_somebody_elses_stops_the_run(
    place: Path, elsewhere: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    WHOLE_RUN[name](place / "out", elsewhere)
    before = contents(elsewhere), shape(place / "out"), contents(place / "out")
    assert run(place) == 5
    reported = capsys.readouterr().err
    assert "没有动它" in reported
    assert "改法" in reported
    assert (contents(elsewhere), shape(place / "out"), contents(place / "out")) == before


@pytest.mark.parametrize("name", ONE_SET)
def test_what_is_in_the_place_of_a_set_stops_that_set_alone(
    place: Path, elsewhere: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = place / "out"
    ONE_SET[name](output, elsewhere)
    year = name.startswith("year")
    before = contents(elsewhere), shape(output / "2025") if year else shape(output / "2025" / "甲局")
    assert run(place) == 5
    reported = capsys.readouterr().out
    assert "没有写进去，也没有动它" in reported
    assert (contents(elsewhere), shape(output / "2025") if year else shape(output / "2025" / "甲局")) == before
    lines = inputs(output)
    assert lines["甲局.xlsx"]["outputs"] == {}
    assert "没有动它" in lines["甲局.xlsx"]["reason"]
    assert year or lines["乙局.xlsx"]["outputs"]
    assert not (output / WORK_FOLDER).exists()


@pytest.mark.parametrize("name", OWN_FILE)
def test_what_is_in_the_place_of_summary_or_record_is_reported_in_the_end(
    place: Path, elsewhere: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = place / "out"
    OWN_FILE[name](output, elsewhere)
    before, kinds = contents(elsewhere), shape(output)
    assert run(place) == 5
    assert "没有动它" in capsys.readouterr().out
    assert contents(elsewhere) == before
    assert shape(output) == kinds


def test_another_departments_set_behind_a_link_is_not_taken_for_ones_own(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The link is not followed when the set is published, nor when its workbook is withdrawn."""
    output = place / "out"
    shutil.rmtree(output / "2025" / "乙局")
    (output / "2025" / "乙局").symlink_to(output / "2025" / "甲局")
    before = contents(output / "2025" / "甲局")
    assert run(place) == 5
    assert contents(output / "2025" / "甲局") == before
    (place / "in" / "乙局.xlsx").unlink()
    assert run(place) == 1
    assert (output / "2025" / "乙局").is_symlink()
    assert contents(output / "2025" / "甲局") == before
    assert main(["sample", str(output), "--seed", "7"]) == 3
    assert main(["pack", str(output), "-o", str(place / "packed"), "--input", str(place / "in")]) == 1
    reported = capsys.readouterr()
    assert "是一个指向别处的链接，没有读取" in reported.err
    assert "是一个指向别处的链接，没有打包" in reported.out


def test_links_inside_a_set_that_are_none_of_its_documents_move_along(place: Path, elsewhere: Path) -> None:
    scan = place / "out" / "2025" / "甲局" / "盖章件.pdf"
    scan.symlink_to(elsewhere / "own.txt")
    before = contents(elsewhere)
    assert run(place) == 1
    assert scan.is_symlink()
    assert contents(elsewhere) == before


def test_a_document_that_is_a_hard_link_is_replaced_and_its_other_name_keeps_its_bytes(
    place: Path, tmp_path: Path
) -> None:
    document = place / "out" / "2025" / "甲局" / SCORES
    os.link(document, tmp_path / "copy")
    before = (tmp_path / "copy").read_bytes()
    fill(place / "in", ["甲局"], executed=22)
    assert run(place) == 1
    assert (tmp_path / "copy").read_bytes() == before != document.read_bytes()


def test_what_others_put_into_the_work_folder_stays(place: Path) -> None:
    theirs = place / "out" / WORK_FOLDER / "new-holiday"
    theirs.mkdir(parents=True)
    (theirs / "photo.jpg").write_bytes(SECRET)
    assert not OURS.fullmatch(theirs.name)
    assert run(place) == 1
    assert (theirs / "photo.jpg").read_bytes() == SECRET


def test_a_template_that_somebody_filled_in_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    writing = ["template", "-o", str(tmp_path)]
    assert main(writing) == main(writing) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["部门整体_填报模板.xlsx", "项目支出_填报模板.xlsx"]
    for content in (b"filled in", b"filled in once more"):
        (tmp_path / "部门整体_填报模板.xlsx").write_bytes(content)
        assert main(writing) == 0
        assert (
            "“部门整体_填报模板.xlsx”原来的内容不同，没有覆盖，改名保留为“部门整体_填报模板（原有"
            in capsys.readouterr().out
        )
    assert (tmp_path / "部门整体_填报模板（原有）.xlsx").read_bytes() == b"filled in"
    assert (tmp_path / "部门整体_填报模板（原有）（原有2）.xlsx").read_bytes() == b"filled in once more"


@pytest.mark.parametrize("name", ["部门整体_填报模板.xlsx", "x"])
def test_other_commands_write_through_no_link_either(
    tmp_path: Path, elsewhere: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).symlink_to(elsewhere / "own.txt")
    (tmp_path / "指标.xlsx").symlink_to(elsewhere / "nowhere")
    before = contents(elsewhere)
    assert main(["template", "-o", str(tmp_path / "out")]) == (0 if name == "x" else 5)
    assert main(["regulation", "export", "cn-project-10-90", "-o", str(tmp_path / "指标.xlsx")]) == 5
    assert "改法" in capsys.readouterr().err
    assert contents(elsewhere) == before
