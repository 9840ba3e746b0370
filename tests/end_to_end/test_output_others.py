"""What somebody put or changed in the place of a file that a command writes: set aside with a sentence, never
overwritten; what is no ordinary file is refused. What perfeval wrote itself is replaced in silence."""

import os
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from batch_runs import tree
from openpyxl import load_workbook
from places import ROOT

from perfeval.blank.__main__ import main as blank
from perfeval.blank.roster import EXAMPLE_ROW, roster_workbook
from perfeval.cli.commands import main
from perfeval.exchange.archive.signature import load_private_key, write_new_key
from perfeval.output.lock import occupied

COMPLETED = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"
NAME = "乐山市金口河区发展和改革委员会_2025"
SET = f"out/2025/{NAME.removesuffix('_2025')}"
FOREIGN = "别人的文件".encode()
ONE_JOB = ["--jobs", "1"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a permission there")

REPORT = ["report", "in", "-o", "out", "--previous", "earlier", "--as-of", "2026-01-15", "--quiet", *ONE_JOB]
COMMANDS = {  # as they are run in the folder of a season
    "report": REPORT,
    "report --force": [*REPORT, "--force"],
    "review": ["review", "review", "-o", "out", "--input", "in", *ONE_JOB],
    "outbox": ["outbox", "out", "--roster", "roster.xlsx"],
    "pack": ["pack", "out", "-o", "packages", "--input", "in", "--previous", "earlier", "--sign", "key", *ONE_JOB],
    "template": ["template", "-o", "blank"],
    "template --report": ["template", "--report", "-o", "blank"],
    "template --roster": ["template", "--roster", "-o", "blank"],
    "regulation import": ["regulation", "import", "scheme.xlsx", "-o", "scheme"],
    "make templates": ["blank"],
}
TARGETS = {  # what each writes in place of what is there
    "report": [
        *(f"{SET}/{name}" for name in (f"{NAME}_评分表.xlsx", f"{NAME}_自评报告.docx")),
        *("out/汇总表.xlsx", "out/上年建议跟踪.xlsx", "out/运行记录.json"),
    ],
    "report --force": [f"{SET}/{NAME}_自评报告.docx", f"{SET}/结果.json"],
    "review": [f"out/复核/{NAME}_复核意见表.docx", f"out/复核/{NAME}_第1版_复核退回.xlsx", "out/复核/复核汇总.xlsx"],
    "outbox": [f"out/发件箱/{NAME}_第1版.eml"],
    "pack": [f"packages/{NAME}_归档.zip", f"packages/{NAME}_归档.zip.sha256", f"packages/{NAME}_归档.zip.sig"],
    "template": ["blank/部门整体_填报模板.xlsx", "blank/项目支出_填报模板.xlsx"],
    "template --report": ["blank/自评报告_模板.docx"],
    "template --roster": ["blank/报送名册_模板.xlsx"],
    "make templates": ["blank/部门整体_填报模板.xlsx", "blank/示例_报送名册.xlsx"],
}


def run(command: str) -> int:
    first, *rest = COMMANDS[command]
    return blank([first]) if command == "make templates" else main([first, *rest])


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every command has been run once."""
    folder = tmp_path_factory.mktemp("season")
    before = os.getcwd()
    os.chdir(folder)
    try:
        for name in ("in", "earlier", "review"):
            Path(name).mkdir()
        shutil.copy(COMPLETED, "in/填报.xlsx")
        shutil.copy(COMPLETED, "earlier/去年.xlsx")
        Path("roster.xlsx").write_bytes(roster_workbook([EXAMPLE_ROW]))
        write_new_key(Path("key"))
        main(["regulation", "export", "cn-project-10-90", "-o", "scheme.xlsx"])
        assert run("report") == 0
        reviewed(0)
        assert [run(command) for command in COMMANDS if command != "report"] == [0] * (len(COMMANDS) - 1)
    finally:
        os.chdir(before)
    return folder


def reviewed(score: int) -> None:
    """A score workbook with a reviewer's score."""
    book = load_workbook(f"{SET}/{NAME}_评分表.xlsx")
    page = book["总评分表"]
    row = next(row for row in range(4, 60) if page.cell(row, 1).value == "A2.1" or page.cell(row, 2).value == "A2.1")
    page.cell(row, 10).value, page.cell(row, 11).value = score, "依据没有提供。"
    book.save("review/复核.xlsx")


@pytest.fixture
def season(done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    copy = Path(shutil.copytree(done, tmp_path / "season"))
    monkeypatch.chdir(copy)
    capsys.readouterr()
    return copy


def without_record(files: dict[str, str]) -> dict[str, str]:
    """The record says where the input folder lies, and a season is a copy."""
    return {path: digest for path, digest in files.items() if path != "out/运行记录.json"}


def put_edited(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def put_foreign(path: Path) -> None:
    path.write_bytes(FOREIGN)


def put_read_only(path: Path) -> None:
    put_edited(path)
    path.chmod(0o444)


def put_hard_link(path: Path) -> None:
    theirs = Path(f"theirs {path.name}")
    theirs.write_bytes(FOREIGN)
    path.unlink()
    os.link(theirs, path)


@pytest.mark.parametrize(
    ("command", "put"),
    [
        *((command, put) for command in TARGETS for put in (put_edited, put_foreign)),
        ("review", put_read_only),
        ("report", put_hard_link),
        ("pack", put_hard_link),
    ],
)
def test_a_file_of_others_is_set_aside_with_a_sentence(
    season: Path, command: str, put: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    before, theirs = tree(season), {}
    for path in map(Path, TARGETS[command]):
        put(path)
        theirs[path] = path.read_bytes()
    assert run(command) == 0
    printed, after = "".join(capsys.readouterr()), tree(season)
    for path, content in theirs.items():
        (aside,) = path.parent.glob(f"{path.stem}（原有*{path.suffix}")
        assert aside.read_bytes() == content
        assert f"“{path.name}”" in printed
        assert f"没有覆盖，改名保留为“{aside.name}”" in printed
    others = {p for p in after if "原有" in p or p.startswith("theirs")}
    assert without_record({p: after[p] for p in after.keys() - others}) == without_record(before)
    assert run(command) == 0
    assert "没有覆盖" not in "".join(capsys.readouterr())
    assert tree(season) == after


@pytest.mark.parametrize("first", [0, 2])
@pytest.mark.parametrize("command", TARGETS)
def test_what_is_no_ordinary_file_is_refused(
    season: Path, command: str, first: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Folder, link, dangling link, pipe by turns."""
    Path("theirs").write_bytes(FOREIGN)
    facts = {}
    for turn, path in enumerate(map(Path, TARGETS[command]), start=first):
        path.unlink()
        put: list[Callable[[], object]] = [
            path.mkdir,
            partial(path.symlink_to, season / "theirs"),
            partial(path.symlink_to, season / "nowhere"),
            partial(os.mkfifo, path),
        ]
        put[turn % 4]()
        facts[path] = path.lstat()
    assert run(command) == 5
    printed = "".join(capsys.readouterr())
    assert any(path.name in printed for path in facts)
    assert {path: (path.lstat().st_ino, path.lstat().st_mode) for path in facts} == {
        path: (fact.st_ino, fact.st_mode) for path, fact in facts.items()
    }
    assert Path("theirs").read_bytes() == FOREIGN
    assert not Path("nowhere").exists()


def test_what_perfeval_wrote_itself_is_replaced_in_silence(season: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(season)
    assert {command: run(command) for command in COMMANDS} == dict.fromkeys(COMMANDS, 0)
    assert "没有覆盖" not in "".join(capsys.readouterr())
    assert without_record(tree(season)) == without_record(before)


def test_results_that_change_replace_what_perfeval_wrote_in_silence(
    season: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = [
        target for command in ("report", "report --force", "review", "outbox", "pack") for target in TARGETS[command]
    ]
    before = {target: Path(target).read_bytes() for target in written}
    for score in (1, 2):
        book = load_workbook("in/填报.xlsx")
        next(row for row in book["基本情况"].iter_rows() if row[0].value == "联系人" or row[0].value == "填报人")[
            1
        ].value = f"张三{score}"
        book.save("in/填报.xlsx")
        assert run("report") == 0
        reviewed(score)
        assert [run(command) for command in ("review", "outbox", "pack")] == [0, 0, 0]
    assert "没有覆盖" not in "".join(capsys.readouterr())
    assert not list(season.rglob("*原有*"))
    changed = {target for target, content in before.items() if Path(target).read_bytes() != content}
    assert changed >= {f"{SET}/{NAME}_评分表.xlsx", "out/运行记录.json", *TARGETS["pack"], *TARGETS["outbox"]}


def test_a_regulation_edited_by_hand_is_set_aside_and_an_imported_one_replaced(
    season: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for points in (11, 12):
        book = load_workbook("scheme.xlsx")
        book["基本信息"].cell(book["基本信息"].max_row, 5).value = f"试算 {points}"
        book.save("scheme.xlsx")
        assert run("regulation import") == 0
    assert [path.name for path in Path("scheme").iterdir()] == ["regulation.toml"]
    edited = Path("scheme/regulation.toml").read_bytes() + "# 某某手改\n".encode()
    Path("scheme/regulation.toml").write_bytes(edited)
    assert run("regulation import") == 0
    assert "改名保留为“regulation（原有）.toml”" in capsys.readouterr().out
    assert Path("scheme/regulation（原有）.toml").read_bytes() == edited


@pytest.mark.parametrize("beside", ["none", "matching", "of another"])
def test_a_zip_of_others_is_set_aside_whatever_checksum_stands_beside_it(
    season: Path, beside: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, sums = Path(f"packages/{NAME}_归档.zip"), Path(f"packages/{NAME}_归档.zip.sha256")
    shutil.make_archive("packages/x", "zip", "earlier")
    Path("packages/x.zip").replace(path)
    theirs = path.read_bytes()
    if beside == "none":
        sums.unlink()
    elif beside == "matching":
        sums.write_text(f"{tree(path.parent)[path.name]}  {path.name}\n", encoding="utf-8")
    printed = sums.read_bytes() if sums.exists() else b""
    assert run("pack") == 0
    assert Path(f"packages/{NAME}_归档（原有）.zip").read_bytes() == theirs
    if beside == "matching":
        assert Path(f"packages/{NAME}_归档.zip（原有）.sha256").read_bytes() == printed
    assert f"改名保留为“{NAME}_归档（原有）.zip”" in capsys.readouterr().out


def test_a_signature_by_another_key_is_set_aside(season: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signature = Path(f"packages/{NAME}_归档.zip.sig")
    theirs = signature.read_bytes()
    write_new_key(Path("other"))
    assert load_private_key(Path("other"))
    assert main([*COMMANDS["pack"], "--sign", "other"]) == 0
    assert Path(f"packages/{NAME}_归档.zip（原有）.sig").read_bytes() == theirs
    assert "没有覆盖" in capsys.readouterr().out


WITHOUT_LOOKING = {  # who writes without asking what is there: into folders of our own, or what may not be there yet
    "output/files.py",
    "output/publishing.py",
    "exchange/archive/last_year.py",
    "exchange/archive/recompute.py",
    "exchange/archive/signature.py",
    "schemes/workbook/files.py",
    "schemes/new.py",
    "page/uploads.py",
    "page/workspace.py",
}


def test_every_other_command_writes_over_what_is_its_own_alone() -> None:
    root = ROOT / "perfeval"
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"\bwrite_(file|new)\(", path.read_text(encoding="utf-8"))
    }
    assert found <= WITHOUT_LOOKING


def test_a_file_in_the_place_of_a_document_that_is_new_is_set_aside(
    season: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the first set of a department is published, and where a set gets a document more."""
    for name in (f"{NAME}_自评报告_注明来源.docx", f"{NAME}_评分表.xlsx"):
        if name.endswith(".xlsx"):
            shutil.rmtree(SET)
            Path(SET).mkdir()
        (Path(SET) / name).write_bytes(FOREIGN)
        assert main([*COMMANDS["report"], "--annotated"]) == 0
        assert re.search(f"“{name}”(不是本程序写的|被改动过)，没有覆盖", capsys.readouterr().out)
        (aside,) = Path(SET).glob(f"{Path(name).stem}（原有*")
        assert aside.read_bytes() == FOREIGN
        assert (Path(SET) / name).read_bytes() != FOREIGN


def test_files_of_an_older_version_without_a_record_of_them_are_set_aside_once(
    season: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where they would change; and where they stay the same nothing is said."""
    Path("out/汇总表.xlsx").write_bytes("汇总表，上一个版本写的".encode())
    Path("out/运行记录.json").unlink()
    assert [run("report"), run("review"), run("outbox")] == [0, 0, 0]
    printed = "".join(capsys.readouterr())
    assert printed.count("没有覆盖") == 1
    reviewed(1)
    assert [run("report"), run("review"), run("outbox")] == [0, 0, 0]
    assert "没有覆盖" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("command", ["review", "outbox"])
def test_nothing_is_written_beside_the_sets_while_a_run_has_the_folder(
    season: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(season)
    with occupied(Path("out")):
        assert run(command) == 5
    assert "正在由另一次运行使用" in capsys.readouterr().err
    assert tree(season) == before


def test_a_damaged_record_stays_for_the_next_run_to_tell(season: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = Path("out/运行记录.json")
    record.write_bytes(FOREIGN)
    run("review"), run("outbox")
    assert record.read_bytes() == FOREIGN
    capsys.readouterr()
    assert run("report") == 0
    printed = capsys.readouterr().out
    assert "运行记录.json”已损坏" in printed
    assert "改名保留为“运行记录（原有）.json”" in printed
