"""Reviewed score workbooks in, opinions for the departments and a summary for the bureau out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from perfeval.documents.score_workbook.layout import TREE
from perfeval.documents.score_workbook.sources import NAME as SOURCES_SHEET
from perfeval.errors import NothingToReadError, UsageError
from perfeval.exchange.review.checks import changed_cells, review_findings
from perfeval.exchange.review.lines import filled_in, units_of
from perfeval.exchange.review.opinion import write_opinion
from perfeval.exchange.review.read import Cells, ReadBook, read_books
from perfeval.exchange.review.returned import returned_after_review
from perfeval.exchange.review.reviewed import ACCEPTED, NOT_REVIEWED, REFUSED, Reviewed
from perfeval.exchange.review.summary import write_review_summary
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding, Severity
from perfeval.findings.render import count
from perfeval.model.names import plain_name
from perfeval.model.regulation import Regulation
from perfeval.output.sets import PublishedSet, sets_in
from perfeval.output.versions import REVIEW_FOLDER
from perfeval.output.written import beside_the_sets
from perfeval.run.inbox import Candidate, find

SUMMARY_FILE, OPINION_FILE = "复核汇总.xlsx", "复核意见表.docx"
SHA_LABEL, DEPARTMENT_LABEL, YEAR_LABEL = "填报工作簿 sha256", "部门名称", "评价年度"


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """Every reviewed workbook and every set without one, the files written, and a sentence for each workbook that could
    not be marked.

    `unwritten` are the sentences about files that could not be written, `kept` those about files of others that were
    set aside.
    """

    reviewed: tuple[Reviewed, ...]
    written: tuple[Path, ...]
    unmarked: tuple[str, ...] = ()
    unwritten: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def review(
    folder: Path, output: Path, regulations: Mapping[str, Regulation], jobs: int, inputs: tuple[Path, ...] = ()
) -> ReviewOutcome:
    """Reads the review folder against the sets in `output`; writes output/复核/, with the workbooks filed in `inputs`
    marked where they are given.

    Raises NothingToReadError, OutputError, UsageError.
    """
    sets = sets_in(output)
    candidates = [c for c in find([folder], skip=output) if not c.ignored]
    if closed := next((c for c in candidates if c.unread), None):
        raise UsageError(f"文件夹“{closed.file}”打不开，没有复核。", "请检查文件夹的权限和网络连接，再运行一次。")
    if not candidates:
        raise NothingToReadError(
            f"“{folder}”里没有复核过的评分表。", "请把填好复核得分、复核意见的评分表放进去，再运行一次。"
        )
    books = read_books([c.path for c in candidates], jobs)
    matched = [_match(book, sets) for book in books]
    wanted = sorted({s.score_workbook for s in matched if s and s.is_genuine})
    issued = {book.path: book for book in read_books(wanted, jobs)}
    reviewed = [
        _assess(c, b, s, issued, regulations, output) for c, b, s in zip(candidates, books, matched, strict=True)
    ]
    every = (*_without_rivals(reviewed), *_not_reviewed(reviewed, sets, regulations))
    returned = list(returned_after_review((r for r in every if r.status == ACCEPTED), inputs, jobs)) if inputs else []
    marked = {one.name: one.content for one in returned if not one.refusal}
    written, unwritten, kept = _write(output, every, marked)
    return ReviewOutcome(every, written, tuple(one.refusal for one in returned if one.refusal), unwritten, kept)


def _match(book: ReadBook, sets: Iterable[PublishedSet]) -> PublishedSet | None:
    """The set a workbook was issued with: by the filed workbook it names, else by department and year."""
    facts = _facts(book.sheets.get(SOURCES_SHEET, {}))
    if TREE not in book.sheets or not facts:
        return None
    exact = [s for s in sets if s.source_sha256 == facts.get(SHA_LABEL)]
    department = plain_name(facts.get(DEPARTMENT_LABEL, ""))
    named = [s for s in sets if (plain_name(s.department), s.year) == (department, facts.get(YEAR_LABEL))]
    return next(iter([*exact, *named]), None)


def _facts(cells: Cells) -> dict[str, str]:
    return {
        str(value): str(cells[row, 2]) for (row, column), value in cells.items() if column == 1 and (row, 2) in cells
    }


def _assess(
    candidate: Candidate,
    book: ReadBook,
    known: PublishedSet | None,
    issued: Mapping[Path, ReadBook],
    regulations: Mapping[str, Regulation],
    output: Path,
) -> Reviewed:
    def refused(*findings: Finding) -> Reviewed:
        return Reviewed(candidate.file, known, REFUSED, findings)

    if book.refusal:
        return refused(book.refusal)
    if known is None:
        return refused(make("REVIEW_006", None, found=candidate.file, results=output))
    whose = partial(
        make, place=None, found=candidate.file, department=known.department, year=known.year, results=output
    )
    if _facts(book.sheets[SOURCES_SHEET]).get(SHA_LABEL) != known.source_sha256:
        return refused(whose("REVIEW_007"))
    original = issued.get(known.score_workbook)
    if original is None or original.refusal or TREE not in original.sheets:
        return refused(whose("REVIEW_009"))
    changes = tuple(changed_cells(book, original))
    if changes:
        return refused(*changes)
    units = units_of(filled_in(original.sheets[TREE], book.sheets[TREE]), known.result["items"])
    findings = tuple(review_findings(units))
    status = REFUSED if count(findings, Severity.ERROR) else ACCEPTED
    return Reviewed(candidate.file, known, status, findings, units, regulations.get(known.result["regulation"] or ""))


def _without_rivals(reviewed: list[Reviewed]) -> Iterator[Reviewed]:
    """Two reviewed workbooks of one set: none counts."""
    for one in reviewed:
        others = [f"“{r.file}”" for r in reviewed if r is not one and r.known is not None and r.known is one.known]
        if others and one.known:
            whose = (one.known.department, one.known.year)
            rival = make(
                "REVIEW_008", None, found=one.file, department=whose[0], year=whose[1], others="、".join(others)
            )
            yield Reviewed(one.file, one.known, REFUSED, (rival,))
        else:
            yield one


def _not_reviewed(
    reviewed: Iterable[Reviewed], sets: Iterable[PublishedSet], regulations: Mapping[str, Regulation]
) -> Iterator[Reviewed]:
    seen = {r.known.folder for r in reviewed if r.known}
    for one in sets:
        if one.folder not in seen:
            yield Reviewed("", one, NOT_REVIEWED, (), (), regulations.get(one.result["regulation"] or ""))


def _write(
    output: Path, reviewed: Iterable[Reviewed], marked: Mapping[str, bytes]
) -> tuple[tuple[Path, ...], tuple[str, ...], tuple[str, ...]]:
    """The files written into 复核, the sentences about those that could not be, and about files of others that were set
    aside. Raises OutputError where another run has the output folder."""
    every = list(reviewed)
    accepted = [r for r in every if r.status == ACCEPTED and r.known]
    contents = {f"{r.known.stem}_{OPINION_FILE}": write_opinion(r) for r in accepted if r.known}
    contents |= {**marked, SUMMARY_FILE: write_review_summary(every)}
    with beside_the_sets(output) as beside:
        paths = {name: f"{REVIEW_FOLDER}/{name}" for name in contents}
        written = [output / path for name, path in paths.items() if beside.write(path, contents[name])]
    return tuple(written), tuple(beside.unwritten.values()), tuple(beside.kept)
