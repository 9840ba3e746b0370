"""The sets that lie in an output folder, each with its results and the score workbook that was issued with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.errors import NothingToReadError
from perfeval.excel.guard import file_sha256
from perfeval.output.publishing import published_sets
from perfeval.output.state import MOVE_AWAY, RESULT_FILE, damaged, lost_sets, read_record, read_result, recorded_lines


@dataclass(frozen=True, slots=True)
class PublishedSet:
    """One published set. `result` is the object of 结果.json; `score_workbook` the file issued, `is_genuine` whether it
    still is what the run wrote."""

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
    """Every set below an output folder, by folder. Raises NothingToReadError where there is none, or where one cannot
    be read."""
    for folder, instead in lost_sets(output).items():
        raise NothingToReadError(f"“{folder}”{instead}，没有读取，也没有动它。", MOVE_AWAY)
    recorded = {
        path: digest for line in recorded_lines(read_record(output)) for path, digest in line["outputs"].items()
    }
    found = tuple(_set(output, folder, recorded) for folder in published_sets(output))
    if not found:
        raise NothingToReadError(f"“{output}”里还没有结果。", "请先运行 perfeval report，再指到放结果的那个文件夹。")
    return found


def _set(output: Path, folder: Path, recorded: Mapping[str, str]) -> PublishedSet:
    result = read_result(folder)
    name = result.get("documents", {}).get("score_workbook")
    if not name:
        raise NothingToReadError(damaged(folder / RESULT_FILE), "请重新运行 make report（perfeval report）。")
    digests = {
        path: recorded.get(path.relative_to(output).as_posix()) for path in (folder / name, folder / RESULT_FILE)
    }
    is_genuine = all(digest and file_sha256(path) == digest for path, digest in digests.items())
    return PublishedSet(folder, result, folder / name, is_genuine)
