"""What has not changed is not built again, and that is said; whatever a set depends on builds it again. Roster and
identical texts besides."""

import hashlib
import io
import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from batch_runs import fill, small_workbook, tree
from report_packages import regulations
from workbooks import content, department

from perfeval.cli.commands import main
from perfeval.documents.evaluation import Settings
from perfeval.output import record as run_record
from perfeval.output.written import Written
from perfeval.run import batch, pipeline
from perfeval.run.batch import Order, RunOutcome, run_report
from perfeval.run.roster import Roster, load_roster
from perfeval.run.summary import Summary
from perfeval.run.workers import Crew

SETTINGS = Settings(date(2026, 1, 20))
NAMES = ["甲局", "乙局"]
SET = "2025/甲局"


def built(outcome: RunOutcome) -> set[str]:
    return {entry.file.removesuffix(".xlsx") for entry in outcome.entries if not entry.unchanged}


@pytest.fixture
def done(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of workbooks and the output of a first run."""
    folder, output = fill(tmp_path / "in", NAMES), tmp_path / "out"
    assert built(run_report([folder], output, SETTINGS)) == set(NAMES)
    return folder, output


def test_nothing_is_built_twice_and_the_output_is_the_same(done: tuple[Path, Path]) -> None:
    folder, output = done
    before = tree(output)
    times = {p: p.stat().st_mtime_ns for p in (output / SET).iterdir()}
    assert built(run_report([folder], output, SETTINGS)) == set()
    assert tree(output) == before
    assert {p: p.stat().st_mtime_ns for p in (output / SET).iterdir()} == times


def test_it_is_said(done: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder, output = done
    main(["report", str(folder), "-o", str(output), "--jobs", "1"])
    shown = capsys.readouterr()
    assert "其中 2 份未变化，没有重做" in shown.out
    assert "未变化" in shown.err


def test_force_builds_everything(done: tuple[Path, Path]) -> None:
    folder, output = done
    before = tree(output)
    assert built(run_report([folder], output, SETTINGS, Order(force=True))) == set(NAMES)
    assert tree(output) == before


def test_a_changed_workbook_alone_is_built(done: tuple[Path, Path]) -> None:
    folder, output = done
    (folder / "甲局.xlsx").write_bytes(small_workbook("甲局", 20))
    assert built(run_report([folder], output, SETTINGS)) == {"甲局"}


@pytest.mark.parametrize("harm", ["deleted", "altered", "result deleted"])
def test_an_output_that_is_gone_or_altered_is_built_again(done: tuple[Path, Path], harm: str) -> None:
    folder, output = done
    before = tree(output)
    document = output / SET / ("结果.json" if harm == "result deleted" else "甲局_2025_评分表.xlsx")
    if harm == "altered":
        document.write_bytes(document.read_bytes() + b" ")
    else:
        document.unlink()
    assert built(run_report([folder], output, SETTINGS)) == {"甲局"}
    assert {path: digest for path, digest in tree(output).items() if "原有" not in path} == before


def test_what_somebody_wrote_into_a_document_is_kept_beside_the_new_one(done: tuple[Path, Path]) -> None:
    folder, output = done
    document = output / SET / "甲局_2025_评分表.xlsx"
    theirs = document.read_bytes() + b" "
    document.write_bytes(theirs)
    (folder / "甲局.xlsx").write_bytes(small_workbook("甲局", 20))
    (reported,) = run_report([folder], output, SETTINGS).kept
    assert "“甲局_2025_评分表.xlsx”被改动过，没有覆盖" in reported
    kept = output / SET / "甲局_2025_评分表（原有，改动过）.xlsx"
    assert kept.read_bytes() == theirs
    (folder / "甲局.xlsx").unlink()
    run_report([folder], output, SETTINGS)
    assert [path.name for path in (output / SET).iterdir()] == [kept.name]


def test_a_set_the_record_does_not_know_is_nobodys_change(done: tuple[Path, Path]) -> None:
    """A run published it and was killed before it could write the record."""
    folder, output = done
    record = (output / run_record.RECORD_FILE).read_bytes()
    (folder / "甲局.xlsx").write_bytes(small_workbook("甲局", 20))
    run_report([folder], output, SETTINGS)
    undisturbed = tree(output)
    (output / run_record.RECORD_FILE).write_bytes(record)
    assert run_report([folder], output, SETTINGS).kept == ()
    assert tree(output) == undisturbed


def test_a_withdrawn_workbooks_changed_document_is_kept(done: tuple[Path, Path]) -> None:
    folder, output = done
    document = output / SET / "甲局_2025_评分表.xlsx"
    document.write_bytes(document.read_bytes() + b" ")
    (folder / "甲局.xlsx").unlink()
    run_report([folder], output, SETTINGS)
    assert [path.name for path in (output / SET).iterdir()] == ["甲局_2025_评分表（原有，改动过）.xlsx"]


@pytest.mark.parametrize(
    "settings",
    [replace(SETTINGS, as_of=date(2026, 2, 1)), replace(SETTINGS, annotated=True)],
    ids=["report date", "annotated"],
)
def test_other_orders_build_again(done: tuple[Path, Path], settings: Settings) -> None:
    folder, output = done
    assert built(run_report([folder], output, settings)) == set(NAMES)


def test_another_day_changes_nothing_where_a_filing_date_is_given(done: tuple[Path, Path]) -> None:
    folder, output = done
    assert built(run_report([folder], output, replace(SETTINGS, today=date(2026, 3, 1)))) == set()


def test_another_day_changes_the_report_where_none_is_given(tmp_path: Path) -> None:
    sheets = department()
    next(row for row in sheets["基本情况"] if row[0] == "填报日期")[1] = None
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "甲局.xlsx").write_bytes(content(sheets))
    run_report([tmp_path / "in"], tmp_path / "out", SETTINGS)
    assert built(run_report([tmp_path / "in"], tmp_path / "out", replace(SETTINGS, today=date(2026, 3, 1)))) == {"甲局"}


def test_another_program_or_rule_builds_again(done: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, output = done
    first = pipeline.tools(SETTINGS).digest
    pipeline.tools.cache_clear()
    monkeypatch.setattr(pipeline, "__version__", "99")
    assert pipeline.tools(SETTINGS).digest != first
    assert built(run_report([folder], output, SETTINGS)) == set(NAMES)
    monkeypatch.undo()
    pipeline.tools.cache_clear()
    stricter = {i: replace(r, severities={"PROJECT_002": "question"}) for i, r in regulations().items()}
    monkeypatch.setattr(pipeline, "load_regulations", lambda extra: stricter)
    assert pipeline.tools(SETTINGS).digest != first
    monkeypatch.undo()
    pipeline.tools.cache_clear()


def test_a_run_that_was_cut_off_is_taken_up_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, output = fill(tmp_path / "in", NAMES), tmp_path / "out"

    class PowerCutError(BaseException):
        pass

    def cut(*_: object) -> bytes:
        raise PowerCutError

    monkeypatch.setattr(Summary, "files", cut)
    monkeypatch.setattr(batch.publishing, "recover", lambda output: [])  # a cut leaves no time to tidy up
    with pytest.raises(PowerCutError):
        run_report([folder], output, SETTINGS)
    monkeypatch.undo()
    assert built(run_report([folder], output, SETTINGS)) == set()
    assert (output / "汇总表.xlsx").is_file()


def test_a_record_written_by_somebody_else_is_no_ground_to_skip(done: tuple[Path, Path]) -> None:
    folder, output = done
    for text in (
        "",
        "[]",
        '{"inputs": 3}',
        '{"inputs": [{"file": "甲局.xlsx", "fingerprint": 1}]}',
        '{"inputs":' + "[" * 100_000,
    ):
        (output / run_record.RECORD_FILE).write_text(text, encoding="utf-8")
        assert built(run_report([folder], output, SETTINGS)) == set(NAMES)


@pytest.mark.parametrize("text", ["", "[]", "[" * 100_000, '{"documents": 3, "source": 4}', '{"findings": []}'])
def test_a_result_written_by_somebody_else_is_built_again(done: tuple[Path, Path], text: str) -> None:
    """Even where the record vouches for it."""
    folder, output = done
    result = output / SET / "结果.json"
    before = result.read_bytes()
    result.write_text(text, encoding="utf-8")
    record = json.loads((output / run_record.RECORD_FILE).read_text(encoding="utf-8"))
    next(line for line in record["inputs"] if line["file"] == "甲局.xlsx")["outputs"][f"{SET}/结果.json"] = (
        hashlib.sha256(text.encode()).hexdigest()
    )
    (output / run_record.RECORD_FILE).write_text(json.dumps(record), encoding="utf-8")
    assert built(run_report([folder], output, SETTINGS)) == {"甲局"}
    assert result.read_bytes() == before


def sheet(output: Path, name: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO((output / "汇总表.xlsx").read_bytes()))
    return [tuple(row) for row in book[name].iter_rows(values_only=True)]


def test_who_has_not_filed(tmp_path: Path) -> None:
    folder, output = fill(tmp_path / "in", NAMES), tmp_path / "out"
    (folder / "丙局.xlsx").write_bytes(small_workbook("丙局")[:-30])
    outcome = run_report([folder], output, SETTINGS, Order(roster=Roster(("甲局", "乙局", "丙局", "丁局"))))
    assert outcome.unfiled == ("丁局",)  # of 丙局 a file came that nobody can open: that is said of the file
    lines = [row[1:3] for row in sheet(output, "未报送")[3:5]]
    assert lines[0] == ("丁局", "未报送")
    assert lines[1][0] == "丙局.xlsx"
    assert str(lines[1][1]).startswith("无法读取：")


def test_what_is_not_processed_is_named_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = fill(tmp_path / "in", NAMES)
    (folder / "汇报.docx").write_bytes(b"x")
    main(["report", str(folder), "-o", str(tmp_path / "out"), "--jobs", "1", "--quiet"])
    assert "未处理的其他文件 1 个（汇报.docx）" in capsys.readouterr().out


def test_the_record_counts_what_the_sets_list(done: tuple[Path, Path]) -> None:
    _, output = done
    line = json.loads((output / run_record.RECORD_FILE).read_text(encoding="utf-8"))["inputs"][0]
    result = json.loads(
        (output / "2025" / line["file"].removesuffix(".xlsx") / "结果.json").read_text(encoding="utf-8")
    )
    answered = [f["answered"] for f in result["findings"]]
    assert (line["findings"], line["answered"]) == (answered.count(False), answered.count(True))


def test_two_workbooks_of_one_department_have_been_filed(tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", NAMES)
    (folder / "甲局又一份.xlsx").write_bytes(small_workbook("甲局", 20))
    assert run_report([folder], tmp_path / "out", SETTINGS, Order(roster=Roster(("甲局", "乙局")))).unfiled == ()


def test_identical_long_texts_are_named_with_their_departments(tmp_path: Path) -> None:
    copied = "本单位认真贯彻落实上级决策部署，全年各项任务按序时进度推进，资金使用规范，会计核算清晰，资产账实相符，内部控制制度健全，监督检查有力。"
    (tmp_path / "in").mkdir()
    for name, text in (("甲局", copied), ("乙局", f" {copied}"), ("丙局", copied.replace("本单位", "我局"))):
        sheets = department()
        next(row for row in sheets["基本情况"] if row[0] == "部门名称")[1] = name
        sheets["报告文字"].append(["重点领域绩效分析", text])
        (tmp_path / "in" / f"{name}.xlsx").write_bytes(content(sheets))
    first, second = tmp_path / "out", tmp_path / "again"
    run_report([tmp_path / "in"], first, SETTINGS)
    assert [row[1:3] for row in sheet(first, "相同文字")[3:]] == [(copied, "乙局、甲局")]
    run_report([tmp_path / "in"], first, SETTINGS)  # unchanged: the texts are still known
    run_report([tmp_path / "in"], second, SETTINGS)
    assert tree(first) == tree(second)


def test_the_record_says_what_a_set_was_made_from(done: tuple[Path, Path]) -> None:
    _, output = done
    lines = json.loads((output / "运行记录.json").read_text(encoding="utf-8"))["inputs"]
    assert all(len(line["fingerprint"]) == 64 for line in lines)


def test_a_roster_need_not_be_typed_as_the_workbooks_are(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["序号", "部门"],
        [1, " 甲 局"],
        [2, None],
        [None, "乙局（本级）"],
        [3, "丙局(筹)"],
        [4, 110],
        ["合计", None],
    ):
        book.active.append(row)
    book.save(tmp_path / "名册.xlsx")
    assert load_roster(tmp_path / "名册.xlsx").missing({"甲局", "乙局(本级)", "丙局（筹）"}) == ("110",)


def test_after_a_kill_before_the_record_a_changed_document_is_still_known_from_an_own_one(
    done: tuple[Path, Path],
) -> None:
    """The set's own 结果.json holds the sha256 of its documents."""
    folder, output = done
    summary, record = (output / name for name in ("汇总表.xlsx", run_record.RECORD_FILE))
    before = summary.read_bytes(), record.read_bytes()
    (folder / "甲局.xlsx").write_bytes(small_workbook("甲局", 20))
    run_report([folder], output, SETTINGS)
    summary.write_bytes(before[0])  # as a run leaves it that is killed after publishing
    record.write_bytes(before[1])
    document = output / SET / "甲局_2025_评分表.xlsx"
    theirs = document.read_bytes() + b" "
    document.write_bytes(theirs)
    (folder / "甲局.xlsx").write_bytes(small_workbook("甲局", 21))
    (printed,) = run_report([folder], output, SETTINGS).kept
    assert "“甲局_2025_评分表.xlsx”被改动过" in printed
    assert (output / SET / "甲局_2025_评分表（原有，改动过）.xlsx").read_bytes() == theirs


def test_a_result_that_somebody_changed_is_kept_and_the_documents_are_replaced(done: tuple[Path, Path]) -> None:
    folder, output = done
    path = output / SET / "结果.json"
    theirs = path.read_bytes().replace(b'"kind"', '"备注": "某某",\n "kind"'.encode())
    path.write_bytes(theirs)
    names = {p.name for p in (output / SET).iterdir()}
    (folder / "甲局.xlsx").write_bytes(small_workbook("甲局", 20))
    (printed,) = run_report([folder], output, SETTINGS).kept
    assert "“结果.json”被改动过，没有覆盖，改名保留为“结果（原有，改动过）.json”" in printed
    assert (output / SET / "结果（原有，改动过）.json").read_bytes() == theirs
    assert {p.name for p in (output / SET).iterdir()} == {*names, "结果（原有，改动过）.json"}


def test_a_summary_whose_run_was_killed_before_the_record_is_our_own(done: tuple[Path, Path]) -> None:
    folder, output = done
    before = (output / "汇总表.xlsx").read_bytes()
    (folder / "甲局.xlsx").write_bytes(small_workbook("甲局", 20))

    def killed(*_: object) -> None:
        os._exit(9)

    if (child := os.fork()) == 0:
        Written.write_record = killed  # type: ignore[method-assign, assignment]
        run_report([folder], output, SETTINGS)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert (output / "汇总表.xlsx").read_bytes() != before
    (folder / "甲局.xlsx").write_bytes(small_workbook("甲局", 21))
    assert run_report([folder], output, SETTINGS).kept == ()
    assert not list(output.rglob("*原有*"))


def test_an_unchanged_rerun_opens_no_workbook_starts_no_worker_and_makes_no_summary(
    done: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, output = done
    before = tree(output)

    def never(*_: object) -> None:
        raise AssertionError("not for an unchanged rerun")

    monkeypatch.setattr(Crew, "_hired", never)
    monkeypatch.setattr(Summary, "files", never)
    outcome = run_report([folder], output, SETTINGS, Order(workers=lambda: Crew(1, at_once=False)))
    assert all(entry.unchanged for entry in outcome.entries)
    assert tree(output) == before
    assert [entry.result["department"] for entry in outcome.entries if entry.result] == sorted(NAMES)


def test_a_record_that_somebody_changed_tells_nobody_whose_a_workbook_is(done: tuple[Path, Path]) -> None:
    folder, output = done
    before, record = tree(output), output / run_record.RECORD_FILE
    changed = record.read_bytes().replace('"department": "甲局"'.encode(), '"department": "乙局"'.encode())
    assert changed != record.read_bytes()
    record.write_bytes(changed)
    (printed,) = run_report([folder], output, SETTINGS).kept
    assert "“运行记录.json”被改动过，或者不是本程序写的，没有覆盖" in printed
    assert {path: digest for path, digest in tree(output).items() if "原有" not in path} == before


@pytest.mark.parametrize("what", ["a workbook that cannot be read", "the summary is gone", "another report date"])
def test_the_summary_is_made_again_where_anything_in_it_changes(done: tuple[Path, Path], what: str) -> None:
    folder, output = done
    before = (output / "汇总表.xlsx").read_bytes()
    settings = SETTINGS
    if what == "a workbook that cannot be read":
        (folder / "坏.xlsx").write_bytes(b"PK")
    elif what == "the summary is gone":
        (output / "汇总表.xlsx").unlink()
    else:
        settings = replace(SETTINGS, as_of=date(2026, 3, 1))
    run_report([folder], output, settings)
    assert ((output / "汇总表.xlsx").read_bytes() == before) is (what != "a workbook that cannot be read")


def test_a_summary_that_could_not_be_written_is_written_by_the_next_run(done: tuple[Path, Path]) -> None:
    """As it is where somebody has it open: here a folder is in its place."""
    folder, output = done
    old = (output / "汇总表.xlsx").read_bytes()
    (output / "汇总表.xlsx").rename(output / "away")
    (output / "汇总表.xlsx").mkdir()
    (folder / "甲局.xlsx").write_bytes(small_workbook("甲局", 20))
    assert run_report([folder], output, SETTINGS).unwritten == {"汇总表.xlsx"}
    (output / "汇总表.xlsx").rmdir()
    (output / "away").rename(output / "汇总表.xlsx")
    outcome = run_report([folder], output, SETTINGS)
    assert (outcome.kept, outcome.unwritten) == ((), frozenset())
    assert (output / "汇总表.xlsx").read_bytes() != old
