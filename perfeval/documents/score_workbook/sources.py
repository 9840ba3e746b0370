"""规则与来源: the filed workbook and its sha256, the regulation, each item's clause and confidence, versions."""

from collections.abc import Iterable

from perfeval.documents.evaluation import Evaluation
from perfeval.documents.score_workbook.trace import Shown, missing
from perfeval.excel.write import Column, Sheet
from perfeval.model.cells import Cell
from perfeval.model.form import BASIC
from perfeval.model.numbers import show_number
from perfeval.model.regulation import METHOD_NAMES, Confidence, Item, Regulation
from perfeval.model.text import day_text, version_name

NAME = "规则与来源"
HEAD = 2
FACT_COLUMNS = (Column("项目", "text", 20), Column("内容", "text", 66))
RULE_COLUMNS = (
    Column("指标", "text", 28),
    Column("条款", "text", 66),
    Column("分值", "number", 8),
    Column("评分方法", "word", 12),
    Column("核定状态", "word", 10),
    Column("备注", "text", 36),
)
STATE = 4
FILED_FACTS = ("kind", "department", "year", "regulation", "filing_date", "data_cutoff", "filler", "reviewer")
STATUS_WORDS = {"reported": "没有错误，已出报告", "returned": "有错误，退回修改"}
VERSION_NAMES = {"perfeval": "程序版本", "regulations": "已安装的指标体系", "template": "报告模板版本"}
NOTE = "核定状态：已核 = 与文件原文核对过；推定 = 由公布的数据推得；待核 = 没有人确认过的默认值，使用前请与文件核对。"


def write_sources(sheet: Sheet, evaluation: Evaluation, shown: Shown) -> None:
    """Fills the sheet."""
    sheet.title("规则与来源", NOTE, len(RULE_COLUMNS))
    sheet.head(HEAD, FACT_COLUMNS)
    row = HEAD + 1
    for name, value in _facts(evaluation):
        sheet.row(row, FACT_COLUMNS, (name, value))
        row += 1
    for key in FILED_FACTS:
        cell: Cell[object] = getattr(evaluation.submission.basic, key)
        sheet.row(row, FACT_COLUMNS, (BASIC.field(key).label, str(cell.value) if cell.is_read else missing(cell)))
        shown.record(cell.ref, NAME, row, 1)
        row += 1
    if evaluation.regulation:
        _regulation(sheet, row + 1, evaluation.regulation)


def _facts(evaluation: Evaluation) -> Iterable[tuple[str, str]]:
    source = evaluation.submission.source
    yield "填报工作簿", source.file
    yield "填报工作簿 sha256", source.sha256
    yield "填报版本", version_name(evaluation.revision.version)
    yield "处理结果", STATUS_WORDS.get(evaluation.status, evaluation.status)
    yield "报告日期", day_text(evaluation.as_of)
    for key, value in evaluation.versions.items():
        yield VERSION_NAMES.get(key, key), value


def _regulation(sheet: Sheet, row: int, regulation: Regulation) -> None:
    facts = (
        ("指标体系", f"{regulation.title}（{regulation.id}）"),
        ("发布机关", regulation.issuer or "待核"),
        ("文号", regulation.document_number or "待核"),
        ("来源说明", regulation.source_note or "—"),
        ("等级", "；".join(f"{band.name}：{show_number(band.lower)} 分及以上" for band in regulation.grades)),
        (
            "绩效指标权重合计",
            f"{show_number(regulation.indicators.weight_sum)} 分（{regulation.indicators.provenance.confidence}）",
        ),
    )
    sheet.section(row, "指标体系")
    sheet.head(row + 1, FACT_COLUMNS)
    for number, fact in enumerate(facts, start=row + 2):
        sheet.row(number, FACT_COLUMNS, fact)
    row += len(facts) + 3
    _items(sheet, row, "评分规则", regulation.items)
    if regulation.project_regulation:
        project = regulation.project_regulation
        _items(sheet, row + len(regulation.items) + 3, f"项目评分规则：{project.title}（{project.id}）", project.items)


def _items(sheet: Sheet, row: int, title: str, items: tuple[Item, ...]) -> None:
    sheet.section(row, title)
    sheet.head(row + 1, RULE_COLUMNS)
    for number, item in enumerate(items, start=row + 2):
        method = METHOD_NAMES[item.method] if item.method else "下级合计"
        confidence = item.provenance.confidence
        extra = {"bold": True} if confidence is Confidence.UNCONFIRMED else {}
        sheet.row(
            number,
            RULE_COLUMNS,
            (f"{item.id} {item.name}", item.provenance.words, item.max_points, method, None, item.remark),
        )
        sheet.put(number, STATE, str(confidence), "word", 10, **extra)
