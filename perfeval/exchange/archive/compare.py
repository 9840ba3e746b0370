"""Two versions of a set side by side: what differs, document by document, in words."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from perfeval.excel.guard import Refused, open_archive
from perfeval.output.state import RESULT_FILE, Json, written_value
from perfeval.run.inbox import readable_name

OFFICE_SUFFIXES = (".xlsx", ".docx")
KEY_NAMES = {
    "schema": "格式版本",
    "source": "填报工作簿",
    "version": "版本",
    "predecessor": "改自哪一版",
    "status": "状态",
    "as_of": "报告日期",
    "department": "部门名称",
    "year": "评价年度",
    "kind": "评价类型",
    "regulation": "指标体系",
    "total": "总分",
    "max": "满分",
    "grade": "等级",
    "declared_total": "自评综合得分",
    "unscored": "没有评分的项数",
    "items": "各项得分",
    "indicators": "指标得分",
    "projects": "项目",
    "measures": "比率",
    "findings": "问题清单",
    "signals": "复核信号",
    "documents": "文档名称",
    "follow_up": "上年建议的落实情况",
}
FEW = 5
MAX_SHOWN = 300  # characters of a sentence: what a package says of itself is quoted, and may be anything


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: the part of the package ('' for the package as a whole) and a sentence."""

    part: str
    message: str

    def __str__(self) -> str:
        return readable(f"{self.part}：{self.message}" if self.part else self.message)


def readable(text: str) -> str:
    """A sentence that can be shown on every terminal, however odd what it quotes."""
    return readable_name(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…")


def differing_documents(
    kept: Mapping[str, bytes], again: Mapping[str, bytes], folder: str = ""
) -> Iterator[Difference]:
    """Each document that is not what it comes to when made again; names are shown below `folder`."""
    for name in sorted(kept.keys() | again.keys()):
        part = f"{folder}{name}"
        if name not in kept:
            yield Difference(part, "重算得出这份文档，这里却没有。")
        elif name not in again:
            yield Difference(part, "这里有这份文档，重算却得不出它。")
        elif name == RESULT_FILE:
            yield from (Difference(part, message) for message in _results(kept[name], again[name]))
        elif changed := _changed_parts(name, kept[name], again[name]):
            yield Difference(part, f"与重算的不同（{changed}）。")


def _results(kept: bytes, again: bytes) -> Iterator[str]:
    """Which results differ, by key; one that is there too many differs too."""
    if kept == again:
        return
    try:
        stated = written_value(kept)
    except ValueError:
        stated = None
    if not isinstance(stated, dict):
        yield "读不出来，不是本程序写的样子。"
        return
    due = written_value(again)
    different = [key for key in (due | stated) if key not in due or key not in stated or stated[key] != due[key]]
    for key in different[:FEW]:
        yield f"“{KEY_NAMES.get(key, key)}”{_against(stated, due, key)}。"
    if len(different) > FEW:
        yield f"另有 {len(different) - FEW} 处与重算的不同。"
    if not different:
        yield "各项相同，先后次序不同，不是本程序写的样子。"


def _against(stated: Json, due: Json, key: str) -> str:
    if key not in stated:
        return "与重算的不同：这里没有这一项"
    if key not in due:
        return f"与重算的不同：{_shown(stated[key])}重算没有这一项"
    return f"与重算的不同{_both(stated[key], due[key])}"


def _both(stated: Any, value: Any) -> str:
    if isinstance(stated, list) and isinstance(value, list):
        same = next(
            (n for n, (a, b) in enumerate(zip(stated, value, strict=False)) if a != b), min(len(stated), len(value))
        )
        return f"（从第 {same + 1} 条起）"
    if isinstance(stated, dict | list) or isinstance(value, dict | list):
        return ""
    return f"：{_shown(stated)}重算是“{value if value is not None else '空白'}”"


def _shown(stated: Any) -> str:
    if isinstance(stated, dict | list):
        return ""
    return f"这里是“{stated if stated is not None else '空白'}”，"


def _bytes_besides(content: bytes) -> int:
    """How many bytes of a zip are none of its parts': behind the end of a document anything may be hidden."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return len(content) - sum(info.compress_size for info in package.infolist())


def _changed_parts(name: str, kept: bytes, again: bytes) -> str:
    """Which inner parts differ. Another system may compress the same parts otherwise; that is no difference."""
    if kept == again:
        return ""
    if not name.endswith(OFFICE_SUFFIXES):
        return "内容"
    try:
        first, second = (open_archive(content, name).parts for content in (kept, again))
    except Refused as refused:
        return f"文件没有打开：{refused.finding.message}"
    changed = sorted(n for n in first.keys() | second.keys() if first.get(n) != second.get(n))
    if not changed and _bytes_besides(kept) != _bytes_besides(again):
        return "文件内容没有变，另外加了或少了内容"
    more = f"等 {len(changed)} 处" if len(changed) > FEW else ""
    return "、".join(PurePosixPath(n).name for n in changed[:FEW]) + more
