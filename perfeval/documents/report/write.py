"""The Word documents: 自评报告.docx for 部门整体, 项目支出绩效自评表.docx for 项目支出. Made in worker processes, only when nothing
blocks."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from perfeval.documents.evaluation import Evaluation
from perfeval.documents.public import public_edition, without_withheld
from perfeval.documents.report.names import DEPARTMENT_NAMES, PROJECT_NAMES, PROJECT_REPORT, REPORT
from perfeval.documents.report.view import department_values, project_values
from perfeval.documents.report.view_figures import Figures
from perfeval.excel.zips import write_zip
from perfeval.findings.catalogue import quote
from perfeval.word.comments import with_comments
from perfeval.word.package_guard import faulty, read_template
from perfeval.word.template import OverflowingTemplateError, Properties, WordTemplate, shipped_source, shipped_template

NAMES = {REPORT: DEPARTMENT_NAMES, PROJECT_REPORT: PROJECT_NAMES}


@dataclass(frozen=True)
class ReportTemplates:
    """The Word templates of a run. `own` are the bureau's: file name and bytes. They are opened when they are first
    asked for, in a worker."""

    own: tuple[tuple[str, bytes], ...] = ()

    @property
    def version(self) -> str:
        """Changes whenever a template's bytes change; for the run record."""
        return version_of(hashlib.sha256(source).hexdigest() for _, source in self.own)

    @cached_property
    def by_kind(self) -> Mapping[str, WordTemplate]:
        """The standard templates, each replaced by the bureau's whose document property 类别 names its kind.

        The bureau's are compiled, and so found sound; the standard ones are when they are needed. Raises TemplateError.
        """
        return {kind: shipped_template(kind) for kind in NAMES} | {
            template.category: template for template in (_opened(*one) for one in self.own)
        }

    def document_name(self, evaluation: Evaluation) -> str:
        """自评报告 or 项目支出绩效自评表."""
        return PROJECT_REPORT if evaluation.submission.is_project_kind else REPORT

    def render(self, evaluation: Evaluation, *, annotated: bool = False, public: bool = False) -> bytes:
        """The evaluation's Word document; annotated, with a comment at each figure; public, without what is not for the
        public. Raises TemplateError where the template asks for what is blank."""
        kind = self.document_name(evaluation)
        figures = Figures(annotated)
        shown = public_edition(evaluation) if public else evaluation
        values = (project_values if kind == PROJECT_REPORT else department_values)(shown, figures)
        if public:
            values = without_withheld(values, evaluation.submission)
        title = (
            str(values["报告标题"]).replace("\n", "")
            if kind == REPORT
            else f"{values['部门名称']}{values['评价年度']}年度{kind}"
        )
        parts = self._fill(kind, values, Properties(title, str(values["部门名称"]), kind, evaluation.as_of))
        return write_zip(with_comments(parts, figures.origins, evaluation.as_of) if annotated else parts)

    def _fill(self, kind: str, values: Mapping[str, Any], properties: Properties) -> Mapping[str, bytes]:
        """The standard template has no bounds but the worker's. Where the bureau's breaks its own, the standard one
        shows whose fault it is."""
        template, standard = self.by_kind[kind].compile(NAMES[kind]), shipped_template(kind)
        try:
            return template.fill(values, properties, bounded=template is not standard)
        except OverflowingTemplateError as overflow:
            try:
                standard.compile(NAMES[kind]).fill(values, properties)
            except OverflowingTemplateError:
                raise MemoryError from None  # the workbook's: no other has to suffer
            raise overflow from None


@cache
def standard_digests() -> tuple[str, ...]:
    """The sha256 of the standard templates, in the order of NAMES."""
    return tuple(hashlib.sha256(shipped_source(kind)).hexdigest() for kind in NAMES)


def version_of(own: Iterable[str]) -> str:
    """The version of the standard templates and a bureau's own, given by sha256 in the order they were given; none has
    to be opened for it."""
    return "sha256:" + hashlib.sha256("".join(dict.fromkeys([*standard_digests(), *own])).encode()).hexdigest()


def load_report_templates(paths: Sequence[Path] = ()) -> ReportTemplates:
    """Reads the bureau's own templates without opening them. Raises TemplateError where one is no file that can be
    read."""
    return ReportTemplates(tuple((path.name, read_template(path)) for path in paths))


def check_template(path: Path) -> None:
    """Opens and compiles one template. Raises TemplateError. For a worker: what is in the file may take all time and
    memory."""
    _ = load_report_templates([path]).by_kind


def standard_templates() -> dict[str, bytes]:
    """The standard templates by file name."""
    return {f"{kind}_模板.docx": shipped_source(kind) for kind in NAMES}


def _opened(file: str, source: bytes) -> WordTemplate:
    template = WordTemplate(source, file)
    if template.category not in NAMES:
        raise faulty(
            file,
            f"没有注明种类，现在文档属性中的“类别”是“{quote(template.category)}”。",
            f"在 Word 中点“文件”“信息”“属性”，把“类别”填成“{'”或“'.join(NAMES)}”。",
        )
    return template.compile(NAMES[template.category])
