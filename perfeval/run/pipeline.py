"""One workbook through the stages: read → score → check → documents. Only this module knows the order."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from perfeval import __version__
from perfeval.checks.context import Context
from perfeval.checks.run import run_checks
from perfeval.checks.signal import signals
from perfeval.documents.evaluation import REJECTED, REPORTED, RETURNED, Evaluation, LastYear, Revision, Settings
from perfeval.documents.kinds import KINDS, Materials, NotMade
from perfeval.documents.report.write import ReportTemplates, check_template, load_report_templates
from perfeval.documents.result import Json, rejected_result, result_of
from perfeval.excel.guard import file_sha256
from perfeval.filing.build import empty_submission
from perfeval.filing.read_filing import ReadFiling, read_filing
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding, Severity
from perfeval.findings.gather import gathered
from perfeval.findings.render import by_severity, count
from perfeval.model.names import plain_name
from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import execution_measure
from perfeval.model.submission import Basic, Source, Submission
from perfeval.model.text import version_name
from perfeval.rules.citing import Citations
from perfeval.rules.engine import score
from perfeval.rules.load import load_regulations
from perfeval.run.workers import TIMED_OUT, run_all
from perfeval.word.package_guard import NEW_DOCUMENT, faulty


@dataclass(frozen=True, slots=True)
class Tools:
    """What is prepared once per process."""

    regulations: Mapping[str, Regulation]
    templates: ReportTemplates
    versions: Mapping[str, str]
    digest: str  # of all of them
    citations: Citations = field(default_factory=Citations)


@cache
def tools(settings: Settings) -> Tools:
    """Loads regulations, and the bytes of the Word templates. Raises RegulationError or TemplateError."""
    regulations = load_regulations(settings.regulations)
    templates = load_report_templates(settings.templates)
    versions = {
        "perfeval": __version__,
        "regulations": "、".join(f"{r.id}" for r in regulations.values()),
        "template": templates.version,
    }
    values = repr((dict(regulations), versions))
    return Tools(regulations, templates, versions, hashlib.sha256(values.encode()).hexdigest())


def refuse_faulty_templates(templates: Sequence[Path]) -> None:
    """Has the operator's own templates opened and compiled in a worker, within its limits. Raises TemplateError."""
    for done in run_all(check_template, templates, 1) if templates else ():
        if done.fault is not None:
            raise done.fault
        if done.code:
            limit = "时间" if done.code == TIMED_OUT else "内存"
            raise faulty(done.task.name, f"太大或太复杂，检查时超过了{limit}的上限。", NEW_DOCUMENT)


def fingerprint(
    settings: Settings, file: str, sha256: str, target: str, filing_date: date | None, version: object
) -> str:
    """Equal where a workbook's set would be the same: workbook, rules, template, program, report date; `version`: which
    it is, what it corrects."""
    as_of = report_date(settings, filing_date)
    made_from = (
        file,
        sha256,
        target,
        tools(settings).digest,
        as_of.isoformat(),
        settings.annotated,
        *(["public"] if settings.public else ()),
        *(p.sha256 for p in settings.previous),
        version,
    )
    return hashlib.sha256(repr(made_from).encode()).hexdigest()


def report_date(settings: Settings, filing_date: date | None) -> date:
    """The date a report bears: as ordered, else 填报日期, else the day of the run."""
    return settings.as_of or filing_date or settings.today


def evaluate(path: Path, file: str, settings: Settings) -> Evaluation:
    """Reads, scores and checks one workbook; `file` is the name it goes by. Whatever is in the file, this returns."""
    taken = read_filing(path, file, tools(settings).regulations)
    return _assess(taken, taken.submission, settings) if taken.submission else _rejected(path, taken, file, settings)


def _rejected(path: Path, taken: ReadFiling, file: str, settings: Settings) -> Evaluation:
    """A file of which nothing can be read."""
    sha256 = hashlib.sha256(taken.content).hexdigest() if taken.content else file_sha256(path)
    return Evaluation(
        submission=empty_submission(Source(file, sha256)),
        regulation=None,
        scorecard=None,
        findings=by_severity(taken.findings),
        signals=(),
        status=REJECTED,
        as_of=report_date(settings, None),
        versions=tools(settings).versions,
    )


def revised(evaluation: Evaluation, revision: Revision) -> Evaluation:
    """The same workbook as the version it turned out to be. One that names a predecessor and corrects nobody's workbook
    gets a finding."""
    if evaluation.status == REJECTED:
        return evaluation
    findings = evaluation.findings
    if evaluation.revision.predecessor and not revision.predecessor:
        findings = by_severity([*findings, _no_correction(evaluation.submission.basic)])
    return replace(evaluation, findings=findings, status=_status(findings), revision=revision)


def _status(findings: Iterable[Finding]) -> str:
    return RETURNED if count(findings, Severity.ERROR) else REPORTED


def _no_correction(basic: Basic) -> Finding:
    """At 部门名称, or at 评价年度 where that alone is not filled in: whose filing this is decides what it supersedes."""
    if not basic.department.value:
        return make("BATCH_003", basic.department, state="没有填部门名称")
    if not basic.year.value:
        return make("BATCH_003", basic.year, state="没有填评价年度")
    return make(
        "BATCH_003", basic.department, state=f"改正以前的那一份不是“{basic.department.value}”{basic.year.value}年度的"
    )


def _assess(taken: ReadFiling, submission: Submission, settings: Settings) -> Evaluation:
    prepared = tools(settings)
    chosen = prepared.regulations.get(submission.basic.regulation.value or "")
    regulation = prepared.citations.of(chosen, submission.basic) if chosen else None
    scorecard = score(submission, regulation) if regulation else None
    previous = _last_year(submission, settings)
    context = Context(submission, regulation, scorecard, prepared.regulations, previous, taken.findings)
    findings = by_severity(gathered(_relevelled([*taken.findings, *run_checks(context)], regulation)))
    return Evaluation(
        submission=submission,
        regulation=regulation,
        scorecard=scorecard,
        findings=findings,
        signals=signals(context),
        status=_status(findings),
        as_of=report_date(settings, submission.basic.filing_date.value),
        versions=prepared.versions,
        revision=Revision(taken.predecessor_version + 1, taken.predecessor, taken.predecessor_version),
        original=taken.content,
        follow_ups=context.follow_ups,
        last_year=_came_to(previous, prepared.regulations) if previous else None,
    )


def _came_to(previous: Submission, regulations: Mapping[str, Regulation]) -> LastYear | None:
    """Last year's filing, scored by its own regulation; None where that is not known or the year is not filled in."""
    regulation, year = regulations.get(previous.basic.regulation.value or ""), previous.basic.year.value
    if regulation is None or year is None:
        return None
    card = score(previous, regulation)
    executed = card.measure(execution_measure(previous.basic.kind.value))
    return LastYear(year, card.whole_total, card.grade, executed.value if executed else None)


def _last_year(submission: Submission, settings: Settings) -> Submission | None:
    """The same department's workbook of the year before; None where there is none that can be read."""
    department, year = submission.basic.department.value, submission.basic.year.value
    name = plain_name(department or "")
    known = next((p for p in settings.previous if (plain_name(p.department), p.year + 1) == (name, year)), None)
    return read_filing(known.path, known.path.name).submission if known else None


def _relevelled(findings: Iterable[Finding], regulation: Regulation | None) -> list[Finding]:
    """A regulation may give a code another severity than the catalogue's."""
    levels = regulation.severities if regulation else {}
    return [replace(f, severity=Severity(levels[f.code])) if f.code in levels else f for f in findings]


@dataclass(frozen=True, slots=True)
class DocumentSet:
    """The files of one workbook that belong together: name → bytes, and the object of 结果.json that lists them.

    `remark` is a sentence for the operator where a document could not be made.
    """

    files: Mapping[str, bytes]
    result: Json
    remark: str = ""


def write_documents(evaluation: Evaluation, stem: str, settings: Settings, earlier: Path | None = None) -> DocumentSet:
    """Makes every document of a readable workbook; names begin with `stem` (部门_年度).

    `earlier` is a workbook with the values of the version this one corrects: what was asked there and what has become
    of it goes into 整改对照表.
    """
    if evaluation.status == REJECTED:
        raise ValueError("a rejected file has no documents")
    before = evaluate(earlier, earlier.name, settings) if earlier and evaluation.revision.predecessor else None
    made_of = Materials(evaluation, tools(settings).templates, settings.annotated, before, settings.public)
    documents: dict[str, tuple[str, bytes]] = {}
    remarks = [_origin(evaluation.revision)]
    for kind in KINDS:
        if kind.when(made_of):
            try:
                documents[kind.key] = kind.file_name(stem, made_of), kind.write(made_of)
            except NotMade as sentence:
                remarks.append(str(sentence))
    return DocumentSet(dict(documents.values()), result_of(evaluation, documents), "".join(remarks))


def _origin(revision: Revision) -> str:
    """Which version a correction is, and of which; nothing to say of a first filing."""
    return (
        f"{version_name(revision.version)}，由{version_name(revision.predecessor_version)}改正而来。"
        if revision.predecessor
        else ""
    )


def plain_result(evaluation: Evaluation) -> Json:
    """The object of 结果.json without any document written (`perfeval check`)."""
    if evaluation.status == REJECTED:
        source = evaluation.submission.source
        return rejected_result(source.file, source.sha256, evaluation.findings)
    return result_of(evaluation, {})
