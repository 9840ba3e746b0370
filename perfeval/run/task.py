"""What a worker does with one workbook: says who filed it, checks it, or stages its set of documents. Loads no more
than that needs."""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from perfeval.documents.evaluation import REJECTED, Evaluation, Settings
from perfeval.documents.json_text import json_bytes
from perfeval.documents.result import Json, rejected_result
from perfeval.documents.summaries.brief import Brief, brief_of
from perfeval.excel.guard import file_sha256
from perfeval.filing.identify import Identity, identify
from perfeval.filing.read_filing import read_filing
from perfeval.findings.catalogue import make
from perfeval.model.submission import Submission
from perfeval.output import publishing
from perfeval.output.record import Outcome, Task, outcome_of
from perfeval.output.state import RESULT_FILE
from perfeval.run.pipeline import evaluate, plain_result, revised, write_documents

LONG_TEXT = 60  # characters; shorter ones are alike by chance


def kept_brief(result: Json, remark: str) -> Brief:
    """What the summary says of a published set that stays as it is, with a remark."""
    brief = brief_of(result)
    return replace(brief, workbook={**brief.workbook, "remark": remark})


@dataclass(frozen=True, slots=True)
class Processed:
    """What a worker hands back: the outcome, the staged set (None where nothing is published), the digests of the long
    texts filed."""

    outcome: Outcome
    staged: publishing.StagedSet | None = None
    remark: str = ""
    texts: tuple[str, ...] = ()


def identify_one(task: Task) -> Identity:
    """Department and year, from two sheets."""
    return identify(task.path)


def is_readable(task: Task) -> bool:
    """Whether the whole workbook can be read: one that cannot is nobody's rival."""
    return read_filing(task.path, task.file).submission is not None


def check_one(settings: Settings, task: Task) -> Processed:
    """The result alone."""
    evaluation = _evaluated(settings, task)
    return Processed(outcome_of(plain_result(evaluation))) if evaluation else _unsteady(task)


def stage_one(settings: Settings, output: Path, task: Task) -> Processed:
    """Evaluates one workbook and writes its set into the work folder, under a name no other attempt uses. Raises
    OutputError, TemplateError."""
    evaluation = _evaluated(settings, task)
    if evaluation is None:
        return _unsteady(task)
    if evaluation.status == REJECTED:
        return Processed(outcome_of(plain_result(evaluation)))
    documents = write_documents(evaluation, task.stem, settings, task.earlier)
    written = json_bytes(documents.result)
    files = {**documents.files, RESULT_FILE: written}
    staged = publishing.stage(output, secrets.token_hex(8), task.target, files, task.superseded)
    digests = tuple(sorted({text_digest(text) for text in long_texts(evaluation.submission)}))
    return Processed(outcome_of(documents.result, written, brief=True), staged, documents.remark + task.remark, digests)


def _evaluated(settings: Settings, task: Task) -> Evaluation | None:
    """The workbook, judged; None where the file is no longer the one the run began with: still being copied, or saved
    meanwhile."""
    evaluation = evaluate(task.path, task.file, settings)
    return revised(evaluation, task.revision) if evaluation.submission.source.sha256 == task.sha256 else None


def _unsteady(task: Task) -> Processed:
    finding = (
        make("FILE_007", None)
        if task.path.exists()
        else make("FILE_020", None, reason="这个文件在处理时被移走或删除了")
    )
    return Processed(outcome_of(rejected_result(task.file, task.sha256, [finding])))


def long_texts(submission: Submission) -> Iterator[str]:
    """What an official wrote at length: duties, grounds of scores, the report's chapters, problems and suggestions."""
    cells = [duty.achievement for duty in submission.duties]
    cells += [cell for row in submission.scores for cell in (row.basis, row.deduction_reason)]
    cells += [text.content for text in submission.texts]
    cells += [cell for row in submission.problems for cell in (row.problem, row.suggestion)]
    yield from (cell.value for cell in cells if cell.value and len(cell.value) >= LONG_TEXT)


def text_digest(text: str) -> str:
    """Equal for texts that differ in nothing but spaces."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:16]


def texts_of(task: Task) -> dict[str, str]:
    """The long texts of a workbook by digest, read once more to be shown; {} where the file is no longer what it
    was."""
    if file_sha256(task.path) != task.sha256:
        return {}
    submission = read_filing(task.path, task.file).submission
    return {text_digest(text): text for text in long_texts(submission)} if submission else {}
