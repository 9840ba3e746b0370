"""Each document of a set, declared once: how its file's name ends, when it is written and by what, and who else takes
it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from perfeval.documents.corrections import write_corrections
from perfeval.documents.evaluation import REJECTED, REPORTED, RETURNED, Evaluation, Revision
from perfeval.documents.report.write import ReportTemplates
from perfeval.documents.result import PUBLIC
from perfeval.documents.returned.list_sheet import opinions_on
from perfeval.documents.returned.mark import CannotMark, mark_workbook
from perfeval.documents.score_workbook import write_score_workbook
from perfeval.excel.guard import Refused
from perfeval.excel.read import RawWorkbook, read_workbook
from perfeval.filing.sheets import READ_SHEETS
from perfeval.model.text import version_name


@dataclass(frozen=True, slots=True)
class Materials:
    """What the documents of a workbook are made of: the workbook, judged; the Word templates; whether an annotated
    report is wanted; the version that this one corrects, None where it is not at hand; whether an edition for
    publication is wanted."""

    evaluation: Evaluation
    templates: ReportTemplates
    annotated: bool = False
    before: Evaluation | None = None
    public: bool = False


class NotMade(Exception):  # noqa: N818  (its message is the sentence)
    """A document that cannot be made, though it should be; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document. `key` stands for it in 结果.json, `name` is for people; its file's name is the set's stem, _
    and `ending`, in which {report} is the name of the report.

    `write` raises NotMade. `is_sent`: it goes to the department by mail with the report; `is_rendered`: a Word template
    decides it; `look` are the words with which the closing lines point to it.
    """

    key: str
    name: str
    ending: str
    when: Callable[[Materials], bool]
    write: Callable[[Materials], bytes]
    is_sent: bool = False
    is_rendered: bool = False
    look: str = ""

    def file_name(self, stem: str, made_of: Materials) -> str:
        """The file's name."""
        return f"{stem}_{self.ending.format(report=made_of.templates.document_name(made_of.evaluation))}"


def _is_reported(made_of: Materials) -> bool:
    return made_of.evaluation.status == REPORTED


def _returned(made_of: Materials) -> bytes:
    """The official's own workbook with its findings marked."""
    evaluation = made_of.evaluation
    basic, source = evaluation.submission.basic, evaluation.submission.source
    title = f"{basic.department.value or '（部门名称待补）'}绩效自评填报工作簿退回修改清单"
    try:
        return mark_workbook(
            evaluation.original,
            evaluation.findings,
            title=title,
            source_file=source.file,
            source_sha256=source.sha256,
            version=evaluation.revision.version,
            year=basic.year.value,
        )
    except CannotMark as refusal:  # signed or otherwise untouchable: the findings are in 评分表 and 结果.json
        raise NotMade(f"{refusal}问题见评分表的“问题清单”。") from refusal


def _corrections(made_of: Materials) -> bytes:
    """What was asked in the version that is corrected, and what has become of it. Only a workbook that proves to be
    that version is compared."""
    before, after = made_of.before, made_of.evaluation
    revision = after.revision
    of_it = (before.submission.source.sha256, before.revision.predecessor) if before else ()
    if before is None or before.status == REJECTED or revision.predecessor not in of_it:
        raise NotMade(f"没有找到{version_name(revision.predecessor_version)}的填报工作簿，所以没有整改对照表。")
    old, new = _both(before, after)
    as_filed = replace(before, revision=Revision(revision.predecessor_version))
    return write_corrections(as_filed, after, old, new, opinions_on(new))


def _both(old: Evaluation, new: Evaluation) -> tuple[RawWorkbook, RawWorkbook]:
    """Two versions of a workbook with all their sheets; where one of the official's own cannot be read, both with the
    form's alone."""

    def read(only: frozenset[str] | None) -> tuple[RawWorkbook, RawWorkbook]:
        first, second = (read_workbook(e.original, e.submission.source.file, only) for e in (old, new))
        return first, second

    try:
        return read(None)
    except Refused:
        return read(READ_SHEETS)


KINDS = (
    Kind(
        "score_workbook",
        "评分表",
        "评分表.xlsx",
        when=lambda made_of: True,
        write=lambda made_of: write_score_workbook(made_of.evaluation),
        is_sent=True,
    ),
    Kind(
        "report",
        "自评报告",
        "{report}.docx",
        when=_is_reported,
        write=lambda made_of: made_of.templates.render(made_of.evaluation),
        is_sent=True,
        is_rendered=True,
    ),
    Kind(
        "annotated",
        "注明来源的报告",
        "{report}_注明来源.docx",
        when=lambda made_of: _is_reported(made_of) and made_of.annotated,
        write=lambda made_of: made_of.templates.render(made_of.evaluation, annotated=True),
        is_rendered=True,
    ),
    Kind(
        PUBLIC,
        "公开稿",
        "{report}_公开稿.docx",
        when=lambda made_of: _is_reported(made_of) and made_of.public,
        write=lambda made_of: made_of.templates.render(made_of.evaluation, public=True),
        is_rendered=True,
    ),
    Kind(
        "returned",
        "退回修改",
        "退回修改.xlsx",
        when=lambda made_of: made_of.evaluation.status == RETURNED,
        write=_returned,
        look="先看其中的",
    ),
    Kind(
        "corrections",
        "整改对照表",
        "整改对照表.docx",
        when=lambda made_of: bool(made_of.evaluation.revision.predecessor),
        write=_corrections,
        look="改了什么见",
    ),
)
