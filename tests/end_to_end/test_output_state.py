"""State that somebody damaged is a sentence under every command that reads it, never an error of the program."""

import copy
import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from batch_runs import fill, inputs
from places import ROOT
from schemas import assert_valid

from perfeval.blank.examples import completed_workbook
from perfeval.cli.commands import main
from perfeval.documents.evaluation import Settings
from perfeval.documents.result import rejected_result
from perfeval.documents.summaries.brief import brief_of
from perfeval.errors import RegulationError
from perfeval.output import state
from perfeval.output.sets import read_result
from perfeval.output.state import RECORD_FILE, RESULT_FILE, Unreadable, is_result, parsed, read_object
from perfeval.rules.load import load_regulations
from perfeval.rules.toml_file import TomlFault, read_toml
from perfeval.run.batch import run_report

SETTINGS = Settings(date(2026, 1, 15))
DEEP = b"[" * 200_000
DAMAGED = {
    "nothing": b"",
    "half": b'{"source": {"file": "x',
    "another kind": b"[]",
    "a number": b"1",
    "deep": DEEP,
    "deep objects": b'{"a":' * 100_000,
    "deep but whole": b'{"a":' * 500 + b"1" + b"}" * 500,
    "a number of many digits": b'{"source": ' + b"9" * 5_000 + b"}",
    "an exponent": b'{"total": 1e999999999}',
    "no number": b'{"total": NaN}',
    "a key twice": b'{"status": "reported", "status": "returned"}',
    "half a character": b'{"status": "\\ud800"}',
    "no UTF-8": b'{"status": "\xff\xfe"}',
    "UTF-16": '{"status": "reported"}'.encode("utf-16"),
    "null bytes": b"\0" * 100,
    "too many lists": b"[" + b"[]," * 4_000_000 + b"[]]",
    "a spreadsheet": b"PK\x03\x04" + bytes(range(256)),
}


@pytest.mark.parametrize(
    "text", [t for name, t in DAMAGED.items() if name not in ("another kind", "a number", "an exponent")]
)
def test_what_perfeval_would_not_write_is_unreadable(text: bytes) -> None:
    with pytest.raises(Unreadable):
        parsed(text)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert parsed(b"\xef\xbb\xbf" + '{"部门": "甲局"}'.encode()) == {"部门": "甲局"}


def test_a_file_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / RESULT_FILE).open("wb") as stream:
        stream.truncate(1024**3)
    assert read_object(tmp_path / RESULT_FILE) == {}


# The declared shape


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs and outputs: one department is reported, two are returned."""
    base = tmp_path_factory.mktemp("published")
    fill(base / "in", ["甲局", "乙局"])
    (base / "in" / "示例.xlsx").write_bytes(completed_workbook(load_regulations()))
    run_report([base / "in"], base / "out", SETTINGS)
    return base


@pytest.fixture
def place(published: Path, tmp_path: Path) -> Path:
    shutil.copytree(published, tmp_path / "run")
    return tmp_path / "run"


def results(output: Path) -> list[Path]:
    return sorted(output.glob(f"*/*/{RESULT_FILE}"))


def test_every_result_of_a_run_has_the_shape(published: Path) -> None:
    assert_valid(published / "out")
    assert len(results(published / "out")) == 3
    for path in results(published / "out"):
        assert read_result(path.parent)
    assert state.read_record(published / "out")
    assert is_result(rejected_result("x.xlsx", "0" * 64, []))


WRONG = (None, 1, 1.5, "x", "", True, [], {}, [1], ["x"], [[]], {"x": 1}, -(10**30), "../../x", "NaN", "1e9", "\0")


def places_in(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every key and the first entry of every list."""
    if isinstance(value, dict):
        return [w for key, inner in value.items() for w in ((*way, key), *places_in(inner, (*way, key)))]
    if isinstance(value, list) and value:
        return [(*way, 0), *places_in(value[0], (*way, 0))]
    return []


def changed(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    whole = copy.deepcopy(value)
    part = whole
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = new
    return whole


def test_whatever_has_the_shape_can_be_summed_up(published: Path) -> None:
    """Each value of a real result becomes each wrong one: either the shape says no, or nothing further on minds."""
    refused = 0
    for path in results(published / "out")[:2]:
        result = json.loads(path.read_bytes())
        for way in places_in(result):
            for new in WRONG:
                bad = changed(result, way, new)
                if is_result(bad):
                    brief_of(bad)
                else:
                    refused += 1
    assert refused > 500


@pytest.mark.parametrize(
    "key",
    [
        "schema",
        "as_of",
        "source",
        "status",
        "items",
        "findings",
        "documents",
        "measures",
        "signals",
        "projects",
        "indicators",
    ],
)
def test_a_missing_key_is_damage(published: Path, key: str) -> None:
    result = read_result(results(published / "out")[0].parent)
    del result[key]
    assert not is_result(result)


# Every command that reads the state


def damage(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def with_wrong_type(way: tuple[Any, ...], new: Any) -> Callable[[Path], None]:
    def damaged(path: Path) -> None:
        path.write_text(json.dumps(changed(json.loads(path.read_bytes()), way, new)), encoding="utf-8")

    return damaged


DAMAGES: dict[str, Callable[[Path], None]] = {
    **{name: lambda path, text=text: damage(path, text) for name, text in DAMAGED.items()},  # type: ignore[misc]
    "findings a number": with_wrong_type(("findings",), 3),
    "a finding a word": with_wrong_type(("findings", 0), "x"),
    "a severity unknown": with_wrong_type(("findings", 0, "severity"), "fatal"),
    "a document elsewhere": with_wrong_type(("documents", "score_workbook"), "../../../x"),
    "a document elsewhere, with its sha256": with_wrong_type(
        ("documents", "score_workbook"), {"file": "../x", "sha256": "0" * 64}
    ),
    "a document without sha256": with_wrong_type(("documents", "score_workbook"), {"file": "x"}),
    "a document a list": with_wrong_type(("documents", "score_workbook"), []),
    "department a list": with_wrong_type(("department",), ["x"]),
    "year huge": with_wrong_type(("year",), 10**30),
    "total no number": with_wrong_type(("total",), "很多"),
    "source missing": with_wrong_type(("source",), None),
    "version a word": with_wrong_type(("version",), "x"),
}
ROSTER = ROOT / "input_templates" / "示例_报送名册.xlsx"


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_result_is_reported_by_every_command(
    place: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = place / "out"
    for path in results(output):
        DAMAGES[name](path)
    commands: dict[tuple[str, ...], int] = {
        ("sample", str(output), "--seed", "7"): 3,
        ("outbox", str(output), "--roster", str(ROSTER)): 1,
        ("send", str(output)): 3,
        ("review", str(place / "in"), "-o", str(output)): 3,
        ("pack", str(output), "-o", str(place / "packed"), "--input", str(place / "in")): 1,
    }
    for command, code in commands.items():
        assert main(command) == code, command
        reported = "".join(capsys.readouterr())
        assert "程序内部错误" not in reported
        assert command[0] == "send" or f"{RESULT_FILE}”已损坏" in reported, command
        assert "重新运行" in reported or "再运行一次" in reported or "请先运行" in reported


RECORD_DAMAGES: dict[str, Callable[[Path], None]] = {
    **{name: DAMAGES[name] for name in DAMAGED},
    "inputs a word": with_wrong_type(("inputs",), "x"),
    "a line a number": with_wrong_type(("inputs", 0), 3),
    "status unknown": with_wrong_type(("inputs", 0, "status"), "done"),
    "outputs a list": with_wrong_type(("inputs", 0, "outputs"), ["x"]),
    "outputs elsewhere": with_wrong_type(("inputs", 0, "outputs"), {"../../../etc/passwd": "0" * 64}),
    "versions a list": with_wrong_type(("versions",), []),
}


@pytest.mark.parametrize("name", RECORD_DAMAGES)
def test_a_damaged_record_is_reported_by_those_who_need_it(
    place: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = place / "out"
    RECORD_DAMAGES[name](output / RECORD_FILE)
    assert main(["sample", str(output), "--seed", "7"]) == 0
    assert main(["outbox", str(output), "--roster", str(ROSTER)]) == 1
    assert f"{RECORD_FILE}”已损坏" in capsys.readouterr().out
    assert main(["pack", str(output), "-o", str(place / "packed"), "--input", str(place / "in")]) == 1
    assert "已损坏" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["half", "deep but whole", "findings a number", "a severity unknown", "a document elsewhere"]
)
def test_a_run_mends_a_damaged_result(place: Path, name: str) -> None:
    output = place / "out"
    before = {path: path.read_bytes() for path in results(output)}
    for path in before:
        DAMAGES[name](path)
    assert (
        main(["report", str(place / "in"), "-o", str(output), "--jobs", "1", "--as-of", "2026-01-15", "--quiet"]) == 1
    )
    assert {path: path.read_bytes() for path in results(output)} == before


def test_a_run_says_that_the_record_was_damaged_and_mends_it(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = place / "out"
    before = inputs(output)
    (output / RECORD_FILE).write_bytes(DEEP)
    assert (
        main(["report", str(place / "in"), "-o", str(output), "--jobs", "1", "--as-of", "2026-01-15", "--quiet"]) == 1
    )
    assert f"{RECORD_FILE}”已损坏" in capsys.readouterr().out
    for line in before.values():
        line.pop("folder", None)  # stands for the input folder, which was copied
    assert {
        file: {key: line[key] for key in line if key != "folder"} for file, line in inputs(output).items()
    } == before


def test_a_damaged_set_without_its_workbook_is_reported_and_left_alone(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output, folder = place / "out", place / "out" / "2025" / "甲局"
    (folder / RESULT_FILE).write_bytes(DEEP)
    (place / "in" / "甲局.xlsx").unlink()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert (
        main(["report", str(place / "in"), "-o", str(output), "--jobs", "1", "--as-of", "2026-01-15", "--quiet"]) == 5
    )
    assert f"甲局/{RESULT_FILE}”已损坏" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_result_and_a_record_that_were_both_changed_fit_and_harm_nobody(place: Path) -> None:
    """Somebody writes a deep key into 结果.json and its new hash into the record: the set is built again."""
    output, path = place / "out", place / "out" / "2025" / "甲局" / RESULT_FILE
    before = path.read_bytes()
    path.write_bytes(before.replace(b"{", b'{"x": ' + b"[" * 900 + b"]" * 900 + b",", 1))
    record = (output / RECORD_FILE).read_text(encoding="utf-8")
    digests = [hashlib.sha256(content).hexdigest() for content in (before, path.read_bytes())]
    (output / RECORD_FILE).write_text(record.replace(*digests), encoding="utf-8")
    assert (
        main(
            [
                "report",
                str(place / "in"),
                "-o",
                str(output),
                "--jobs",
                "1",
                "--as-of",
                "2026-01-15",
                "--quiet",
                "--json",
            ]
        )
        == 1
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "journal",
    [
        DEEP + b"\n",
        b"[]\n",
        b'"x"\n',
        b'{"message_id": []}\n',
        b"9" * 9_000 + b"\n",
        b"\xff\n",
        b"somebody's own, without a line end",
        b"\0\n",
    ],
)
def test_a_damaged_journal_sends_nothing_and_stays(
    place: Path, journal: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = place / "out" / "发送记录.jsonl"
    path.write_bytes(journal)
    assert main(["outbox", str(place / "out"), "--roster", str(ROSTER)]) in (0, 1)
    assert main(["send", str(place / "out")]) == 2
    assert main(["send", str(place / "out"), "--mark-sent", "x"]) == 2
    assert "读不出来，不知道哪些已经发过" in capsys.readouterr().err
    assert path.read_bytes() == journal


def test_a_journal_that_is_a_link_is_not_written_through(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "theirs").write_bytes(b"somebody's own")
    (place / "out" / "发送记录.jsonl").symlink_to(place / "theirs")
    assert main(["outbox", str(place / "out"), "--roster", str(ROSTER)]) in (0, 1)
    assert main(["send", str(place / "out")]) == 5
    assert main(["send", str(place / "out"), "--mark-sent", "x"]) == 5
    assert "没有动它" in capsys.readouterr().err
    assert (place / "theirs").read_bytes() == b"somebody's own"


# TOML

HEAD = b'id = "x"\n'
FAULTY_TOML = {
    "deep": (HEAD + b"a = " + DEEP, "嵌套太深"),
    "deep but whole": (HEAD + b"a = " + b"[" * 100 + b"]" * 100, "a：现在嵌套太深"),
    "dotted": (HEAD + b"a" + b".a" * 100_000 + b" = 1", "第 2 行：现在嵌套太深"),
    "dotted table": (HEAD + b"[a" + b".a" * 500 + b"]", "a：现在嵌套太深"),
    "digits": (HEAD + b"title = " + b"9" * 100_000, "第 2 行：现在有一个几千位的数"),
    "many digits": (HEAD + b"title = " + b"9" * 3_000, "title：现在是“一个太大的数”"),
    "hexadecimal": (HEAD + b"title = 0x" + b"f" * 100_000, "title：现在是“一个太大的数”"),
    "exponent": (HEAD + b"effective_from = 1e999999999", "effective_from：现在是“1e999999999”"),
    "far exponent": (HEAD + b"title = 1e99999999999999999999999", "title：现在是“1e9999"),
    "nan": (HEAD + b"title = nan", "title：现在是“nan”"),
    "inf": (HEAD + b"title = -inf", "title：现在是“-inf”"),
    "no UTF-8": (b"\xff\xfe" + HEAD, "不是 UTF-8"),
    "UTF-16": (HEAD.decode().encode("utf-16"), "不是 UTF-8"),
    "half a character": (b'id = "\\ud800"', "写法有误"),
    "null bytes": (HEAD + b"\0", "写法有误"),
    "no date": (HEAD + b"effective_from = 2025-02-30", "第 2 行第 18 列"),
    "twice": (HEAD + HEAD, "写法有误或重复"),
    "a circle": (b'id = "x"\nextends = "x"', "绕成了一圈"),
}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules" / "x").mkdir(parents=True)
    return tmp_path / "rules"


@pytest.mark.parametrize("name", FAULTY_TOML)
def test_a_faulty_regulation_is_reported_with_file_and_place(rules: Path, name: str) -> None:
    text, reported = FAULTY_TOML[name]
    (rules / "x" / "regulation.toml").write_bytes(text)
    with pytest.raises(RegulationError) as refused:
        load_regulations(rules)
    assert "x/regulation.toml：" in str(refused.value)
    assert reported in str(refused.value)


def test_a_regulation_of_a_gigabyte_is_not_read(rules: Path) -> None:
    with (rules / "x" / "regulation.toml").open("wb") as stream:
        stream.truncate(1024**3)
    with pytest.raises(RegulationError, match=r"x/regulation\.toml：文件：现在超过 4 MB"):
        load_regulations(rules)


def test_a_byte_order_mark_before_toml_does_no_harm() -> None:
    assert read_toml(b"\xef\xbb\xbf" + HEAD) == {"id": "x"}


def test_a_long_row_of_regulations_that_extend_one_another_is_reported(rules: Path) -> None:
    shutil.rmtree(rules / "x")
    for number in range(400):
        (rules / f"r{number}").mkdir()
        (rules / f"r{number}" / "regulation.toml").write_text(f'id = "r{number}"\nextends = "r{number + 1}"\n')
    with pytest.raises(RegulationError, match="extends：现在一个引用一个"):
        load_regulations(rules)


def test_every_command_that_reads_regulations_reports_a_faulty_one(
    rules: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (rules / "x" / "regulation.toml").write_bytes(FAULTY_TOML["exponent"][0])
    one, given = str(place / "in" / "甲局.xlsx"), ["--regulations", str(rules)]
    for command in (
        ["report", one, "-o", str(place / "out"), "--jobs", "1", *given],
        ["check", one, "--jobs", "1", *given],
        ["template", "-o", str(place / "new"), "--regulation", "x", *given],
        ["review", str(place / "in"), "-o", str(place / "out"), "--jobs", "1", *given],
        ["regulation", "list", *given],
        ["regulation", "show", "x", *given],
        ["regulation", "lint", str(rules)],
        ["regulation", "diff", "x", "cn-project-10-90", *given],
        ["regulation", "export", "x", "-o", str(place / "x.xlsx"), *given],
        ["regulation", "import", one, "-o", str(place / "y"), *given],
        ["regulation", "whatif", "x", "cn-project-10-90", one, *given],
    ):
        assert main(command) == 4, command
        assert "x/regulation.toml：effective_from：现在是“1e999999999”" in capsys.readouterr().err


def test_mail_settings_that_are_damaged_are_reported(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["outbox", str(place / "out"), "--roster", str(ROSTER)])
    settings = place / "寄信设置.toml"
    for text in (
        b"a = " + DEEP,
        b"[smtp]\nport = " + b"9" * 9_000,
        b"\xff",
        b"smtp = 3",
        b'[smtp]\nhost = "x"\nport = 1e999999999',
    ):
        settings.write_bytes(text)
        assert main(["send", str(place / "out"), "--settings", str(settings), "--really"]) == 2
        reported = capsys.readouterr().err
        assert "寄信设置" in reported
        assert "程序内部错误" not in reported


@pytest.mark.parametrize("text", [b"a = 1", b"a = 0.1", b"a = 1_000.5", b"a = -0.25", b"a = 1e2"])
def test_ordinary_numbers_are_read(text: bytes) -> None:
    assert isinstance(read_toml(text)["a"] + 0, object)


def test_the_faults_name_their_place() -> None:
    with pytest.raises(TomlFault) as refused:
        read_toml(b"a = 1\nb = [1,,2]\n")
    assert refused.value.place == "第 2 行第 8 列"
