"""The way back: the indicators of each project in the import layout of 预算管理一体化, so that nothing is typed again
there either."""

import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from perfeval.errors import NothingToReadError
from perfeval.filing.typed.numbers import number_of, quantity_of
from perfeval.model.numbers import HUNDRED, ZERO
from perfeval.model.submission import WHOLE_DEPARTMENT
from perfeval.output.files import chosen, write_files
from perfeval.output.sets import read_result, result_folders
from perfeval.run.inbox import safe_name

HEADERS = (
    "一级指标", "二级指标", "三级指标名称", "计算符号", "指标值", "*实际完成值", "计量单位", "*分值", "*指标得分", "扣减分数",
    "完成情况简要描述", "偏差原因及改进措施",
)  # fmt: skip
WIDTHS = (12, 18, 30, 10, 16, 18, 10, 8, 10, 10, 36, 36)
QUALITATIVE = "定性"
REACHED, PARTLY, MISSED = "达成", "部分达成", "未达成"
SHEET = "自评指标"
ENDING = "一体化导入表.xlsx"
Json = Mapping[str, Any]
Content = str | Decimal | None


def export(paths: Iterable[Path], folder: Path) -> tuple[list[Path], list[str]]:
    """Writes one workbook a project; gives the paths, and a sentence for each file of others that was set aside. Raises
    NothingToReadError where no result holds a project with indicators."""
    contents: dict[str, bytes] = {}
    for result in (one for path in paths for one in _results(path)):
        for subject in dict.fromkeys(i["subject"] for i in result["indicators"]):
            if subject and subject != WHOLE_DEPARTMENT:
                name = f"{result['department'] or ''}_{result['year'] or ''}_{subject}".strip("_")
                rows = [indicator for indicator in result["indicators"] if indicator["subject"] == subject]
                contents[f"{safe_name(name)}_{ENDING}"] = _workbook(rows)
    if not contents:
        raise NothingToReadError(
            f"“{'、'.join(map(str, paths))}”里没有带指标的项目结果。",
            "请先运行 perfeval report，再指到放结果的那个文件夹。",
        )
    return write_files(chosen(folder), contents)


def _results(path: Path) -> list[Json]:
    """The results below an output folder, or that of the one set a folder is."""
    return [result for folder in (path, *result_folders(path)) if (result := read_result(folder))]


def _workbook(indicators: Sequence[Json]) -> bytes:
    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = workbook.add_worksheet(SHEET)
    head, body = (workbook.add_format({"text_wrap": True, "border": 1, "bold": bold}) for bold in (True, False))
    for column, (header, width) in enumerate(zip(HEADERS, WIDTHS, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, header, head)
    for row, indicator in enumerate(indicators, 1):
        for column, content in enumerate(_row(indicator)):
            if content is None or content == "":
                page.write_blank(row, column, None, body)
            elif isinstance(content, Decimal):
                page.write_number(row, column, content, body)
            else:
                page.write_string(row, column, content, body)
    workbook.close()
    return buffer.getvalue()


def _row(indicator: Json) -> tuple[Content, ...]:
    """An indicator in the columns of the layout: number and unit apart, a qualitative result in the system's words."""
    unit = indicator["unit"] or ""
    target, found_unit, sign = _apart(indicator["target"], unit)
    nature = indicator["nature"] or sign or (QUALITATIVE if isinstance(target, str) else "=")
    actual = _apart(indicator["actual"], unit)[0] if nature != QUALITATIVE else _in_words(indicator)
    weight, score = _number(indicator["weight"]), _number(indicator["score"] or indicator["declared"])
    lost = weight - score if weight is not None and score is not None else None
    return (
        indicator["l1"], indicator["l2"], indicator["l3"], nature, target, actual, unit or found_unit, weight, score,
        lost,
        None if nature == QUALITATIVE and indicator["actual"] == actual else indicator["actual"],
        "；".join(filter(None, (indicator.get("deviation_reason"), indicator.get("improvement")))),
    )  # fmt: skip


def _apart(text: str | None, unit: str) -> tuple[Content, str, str]:
    """≥12公里 → 12, 公里, ≥; what is no quantity stays as it is."""
    quantity = quantity_of(text or "", unit)
    if quantity is None:
        return text, "", ""
    return quantity.value, quantity.unit or "", quantity.comparator or ""


def _in_words(indicator: Json) -> str | None:
    """达成, 部分达成 or 未达成: as filed, else by the ratio that was computed; else the words that were filed."""
    filed: str | None = indicator["actual"]
    ratio = _number((indicator["ratio"] or "").removesuffix("%"))
    if filed in (REACHED, PARTLY, MISSED) or ratio is None:
        return filed
    return REACHED if ratio >= HUNDRED else PARTLY if ratio > ZERO else MISSED


def _number(text: str | None) -> Decimal | None:
    return number_of(text) if text else None
