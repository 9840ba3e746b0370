"""Some hundred odd packages, each a filing that is sound and one with errors, through the whole program: gate, reading,
marking, scores, documents."""

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import departments
import openpyxl
import xlsxwriter
from odd_packages import ANY, ODD, SAME, SCORED, STYLES, Odd, Parts, corpus, unpacked
from workbooks import department

from perfeval.cli.commands import main
from perfeval.excel.read import read_workbook
from perfeval.findings.catalogue import catalogue

BASES = ("好", "错")
STATUSES = {"好": "reported", "错": "returned"}
SCORES = ("status", "total", "grade", "declared_total", "max", "items", "indicators", "projects", "measures")


def sound(name: str) -> Parts:
    """A 项目支出 workbook in the template, without any error: it gets its report."""
    return _named(*_sound(), name)


@cache
def _sound() -> tuple[Parts, str]:
    filed = departments.project_workbook(1, 1, 16)
    return unpacked(filed.workbook), filed.submission.basic.department.value or ""


def faulty(name: str) -> Parts:
    """A 部门整体 workbook with errors: it goes back, marked."""
    return _named(*_faulty(), name)


@cache
def _faulty() -> tuple[Parts, str]:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for title, rows in department().items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return unpacked(buffer.getvalue()), "某县教育局（示例构造）"


def _named(parts: Parts, old: str, new: str) -> Parts:
    return {part: data.replace(old.encode(), new.encode()) for part, data in parts.items()}


@dataclass(frozen=True)
class Case:
    """What came of one odd package; `usual` is what comes of the workbook as it was."""

    base: str
    odd: Odd
    original: bytes
    line: dict[str, Any]
    result: dict[str, Any] | None
    usual: dict[str, Any]
    returned: bytes | None

    @property
    def codes(self) -> set[str]:
        return {f["code"] for f in self.result["findings"]} if self.result else set()


def cases_in(folder: Path) -> dict[tuple[str, str], Case]:
    """The whole corpus in one run, the two workbooks as they were among it."""
    (folder / "in").mkdir()
    filed: dict[str, tuple[str, str, Odd | None, bytes]] = {}
    made = [
        (base, f"示例县{base}局", None, Odd("", lambda p: p, SAME)(of(f"示例县{base}局")))
        for base, of in zip(BASES, (sound, faulty), strict=True)
    ]
    for base, name, odd, data in (*made, *corpus({"好": sound, "错": faulty})):
        file = f"{name}.xlsx"
        filed[file] = (base, name, odd, data)
        (folder / "in" / file).write_bytes(data)
    code = main(
        ["report", str(folder / "in"), "-o", str(folder / "out"), "--jobs", "2", "--as-of", "2026-01-15", "--quiet"]
    )
    assert code == 1  # some returned or refused, and no bug
    assert all(
        hashlib.sha256((folder / "in" / f).read_bytes()).digest() == hashlib.sha256(d).digest()
        for f, (*_, d) in filed.items()
    )
    lines = {
        line["file"]: line
        for line in json.loads((folder / "out" / "运行记录.json").read_text(encoding="utf-8"))["inputs"]
    }
    assert set(lines) == set(filed)
    found = {}
    usual = {base: _result(folder / "out", lines[f"{name}.xlsx"], name, base) for base, name, _, _ in made}
    for file, (base, name, odd, data) in filed.items():
        if odd is not None:
            result = _result(folder / "out", lines[file], name, base)
            copy = next(
                (folder / "out" / path for path in lines[file].get("outputs", {}) if path.endswith("退回修改.xlsx")),
                None,
            )
            found[base, odd.name] = Case(
                base, odd, data, lines[file], result, usual[base] or {}, copy.read_bytes() if copy else None
            )
    return found


def _result(output: Path, line: dict[str, Any], name: str, base: str) -> dict[str, Any] | None:
    """The object of 结果.json with the department's name as all have it; of a refused workbook there is none."""
    path = next((output / path for path in line.get("outputs", {}) if path.endswith("结果.json")), None)
    return json.loads(path.read_text(encoding="utf-8").replace(name, base)) if path else None


def test_the_corpus_is_as_large_as_it_has_to_be() -> None:
    assert len(ODD) * len(BASES) >= 200
    assert len({odd.name for odd in ODD}) == len(ODD)


def wrong(case: Case) -> str:
    """What is not as the package's declaration says; '' where all is."""
    status, reason, outcome = case.line["status"], case.line["reason"], case.odd.outcome
    if "程序" in reason and "维护" in reason:
        return f"a bug: {reason}"
    if status == "rejected":
        if not (reason.endswith("。") and "请" in reason):
            return f"refused without a remedy: {reason}"
        sentence = catalogue()[outcome].message.split("{")[0] if outcome.startswith("FILE_") else ""
        return "" if outcome == ANY or (sentence and reason.startswith(sentence)) else f"refused: {reason}"
    if case.result is None or status not in ("reported", "returned"):
        return f"{status}: {reason}"
    if outcome in (SAME, SCORED):
        return _unlike(case, (*SCORES, "findings") if outcome == SAME else SCORES) or _unmarked(case)
    return "" if outcome == ANY or outcome in case.codes else f"{status} without {outcome}: {sorted(case.codes)}"


def _unlike(case: Case, keys: tuple[str, ...]) -> str:
    assert case.result
    unlike = [key for key in keys if case.result[key] != case.usual[key]]
    more = [(f["code"], f["cell"]) for f in case.result["findings"] if f not in case.usual["findings"]]
    return f"another result: {unlike} {more[:5]}" if unlike else ""


def _unmarked(case: Case) -> str:
    """A workbook that goes back has to be the official's own."""
    if case.base != "错":
        return ""
    if case.odd.unmarked:
        return "" if case.returned is None and "签名" in case.line["reason"] else f"marked: {case.line['reason']}"
    if case.returned is None:
        return f"not marked: {case.line['reason']}"
    before, after = (read_workbook(data, "a.xlsx").sheets for data in (case.original, case.returned))
    for name, sheet in before.items():
        if sheet.grid != after[name].grid or sheet.facts.formulas != after[name].facts.formulas:
            return f"another content of {name}"
    try:
        openpyxl.load_workbook(io.BytesIO(case.original))
    except Exception:  # what it cannot read in the first place it need not read marked
        return ""
    if STYLES not in unpacked(case.original):  # it looks for them nowhere else
        return ""
    try:
        openpyxl.load_workbook(io.BytesIO(case.returned))
    except Exception as error:
        return f"the marked copy cannot be read: {error!r}"
    return ""


def test_what_is_odd_comes_to_what_the_format_says(tmp_path: Path) -> None:
    """One test: the run it needs is made once, however many processes share the tests."""
    cases = cases_in(tmp_path)
    assert {base: case.usual["status"] for (base, _), case in cases.items()} == STATUSES
    assert {case.line["status"] for case in cases.values()} == {"reported", "returned", "rejected"}
    reported = {key: wrong(case) for key, case in cases.items()}
    assert {key: words for key, words in reported.items() if words} == {}
