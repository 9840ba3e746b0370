"""The Word documents: 自评报告.docx for 部门整体, 项目支出绩效自评表.docx for 项目支出. Made in worker processes, only when nothing blocks."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from perfeval.documents.annotated import with_comments
from perfeval.documents.package import Package
from perfeval.documents.report_names import DEPARTMENT_NAMES, PROJECT_NAMES
from perfeval.documents.report_template import PROJECT_FORM, REPORT
from perfeval.documents.view import department_values, project_values
from perfeval.documents.view_figures import Figures
from perfeval.documents.word_template import Properties, WordTemplate
from perfeval.documents.zips import write_zip
from perfeval.errors import TemplateError

NAMES = {REPORT: DEPARTMENT_NAMES, PROJECT_FORM: PROJECT_NAMES}


@dataclass(frozen=True, slots=True)
class ReportTemplates:
    """The templates by kind. A bureau's own is compiled, and so found sound; the standard ones are when they are first asked for."""

    by_kind: Mapping[str, WordTemplate]

    @property
    def version(self) -> str:
        """Changes whenever a template's bytes change; for the run record."""
        return version_of(t.sha256 for t in self.by_kind.values())

    def document_name(self, package: Package) -> str:
        """自评报告 or 项目支出绩效自评表."""
        return PROJECT_FORM if package.submission.is_project_kind else REPORT

    def render(self, package: Package, *, annotated: bool = False) -> bytes:
        """The package's Word document; annotated, with a comment at each figure. Raises TemplateError where the template asks for what is blank."""
        kind = self.document_name(package)
        figures = Figures(annotated)
        values = (project_values if kind == PROJECT_FORM else department_values)(package, figures)
        title = str(values["报告标题"]).replace("\n", "") if kind == REPORT else f"{values['部门名称']}{values['评价年度']}年度{kind}"
        parts = self.by_kind[kind].compile(NAMES[kind]).fill(values, Properties(title, str(values["部门名称"]), kind, package.as_of))
        return write_zip(with_comments(parts, figures.origins, package.as_of) if annotated else parts)


def version_of(digests: Iterable[str]) -> str:
    """The version that templates of these sha256 make up, in the order of NAMES."""
    return "sha256:" + hashlib.sha256("".join(digests).encode()).hexdigest()


def load_report_templates(paths: Sequence[Path] = ()) -> ReportTemplates:
    """The standard templates, each replaced by that of `paths` whose document property 类别 names its kind. Raises TemplateError."""
    templates = {kind: _standard(kind) for kind in NAMES}
    for path in paths:
        template = _own(path)
        templates[template.category] = template
    return ReportTemplates(templates)


@cache
def _standard(kind: str) -> WordTemplate:
    name = f"{kind}_模板.docx"
    return WordTemplate((files("perfeval.documents") / "templates" / name).read_bytes(), name)


def _own(path: Path) -> WordTemplate:
    try:
        if path.exists() and not path.is_file():  # reading a pipe would wait for ever
            raise TemplateError(f"Word 模板“{path.name}”是文件夹、管道或设备，不是文件。", "请指到一个 .docx 文件。")
        source = path.read_bytes()
    except OSError:
        raise TemplateError(f"打不开 Word 模板“{path.name}”。", "请核对文件名；文件正在 Word 中打开时请先关闭。") from None
    template = WordTemplate(source, path.name)
    if template.category not in NAMES:
        raise TemplateError(
            f"Word 模板“{path.name}”没有注明种类，现在文档属性中的“类别”是“{template.category}”。",
            f"在 Word 中点“文件”“信息”“属性”，把“类别”填成“{'”或“'.join(NAMES)}”。",
        )
    return template.compile(NAMES[template.category])
