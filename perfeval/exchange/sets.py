"""The sets that lie in an output folder, each with its results and the score workbook that was issued with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.errors import NothingToReadError
from perfeval.inbox import file_sha256
from perfeval.publishing import RESULT_FILE, published_sets
from perfeval.run_record import read_record, written_lines


@dataclass(frozen=True, slots=True)
class PublishedSet:
    """One published set. `result` is the object of 结果.json; `score_workbook` the file issued, `is_genuine` whether it still is what the run wrote."""

    folder: Path
    result: Mapping[str, Any]
    score_workbook: Path
    is_genuine: bool

    @property
    def department(self) -> str:
        """The department, or a word where it did not say."""
        return str(self.result["department"] or "（部门名称未填）")

    @property
    def year(self) -> str:
        """The evaluation year."""
        return str(self.result["year"] or "")

    @property
    def stem(self) -> str:
        """How its documents' names begin: 部门_年度."""
        return self.score_workbook.name.removesuffix("_评分表.xlsx")

    @property
    def source_sha256(self) -> str:
        """That of the filed workbook."""
        return str(self.result["source"]["sha256"])


def sets_in(output: Path) -> tuple[PublishedSet, ...]:
    """Every set below an output folder, by folder. Raises NothingToReadError where there is none."""
    recorded = _recorded(output)
    found = tuple(_set(output, folder, recorded) for folder in published_sets(output))
    if not found:
        raise NothingToReadError(f"“{output}”里还没有结果。", "请先运行 perfeval report，再指到放结果的那个文件夹。")
    return found


def _set(output: Path, folder: Path, recorded: Mapping[str, str]) -> PublishedSet:
    try:
        result = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))
        path = folder / result["documents"]["score_workbook"]
        result["department"], result["year"], result["source"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        raise NothingToReadError(f"“{folder / RESULT_FILE}”读不出来。", "请重新运行 perfeval report。") from None
    digest = recorded.get(path.relative_to(output).as_posix())
    return PublishedSet(folder, result, path, bool(digest) and file_sha256(path) == digest)


def _recorded(output: Path) -> dict[str, str]:
    """The sha256 of every document of the sets that stand after the last run, by its path below the output folder."""
    return {path: digest for line in written_lines(read_record(output)) for path, digest in line["outputs"].items()}
