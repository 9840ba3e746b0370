"""What 汇总表 is made of: the entries of a run, the sets that stay although nothing was made of their workbooks, who has
not filed, which departments filed the same texts."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from perfeval.documents.evaluation import IGNORED, REJECTED
from perfeval.excel.guard import file_sha256
from perfeval.output.record import Entry
from perfeval.output.sets import read_result
from perfeval.output.state import RESULT_FILE, Json, damaged
from perfeval.run.filings import Filings
from perfeval.run.task import kept_brief, texts_of
from perfeval.run.workers import Runner


@dataclass(frozen=True)
class Summary:
    """One run, as 汇总表 tells it. `left` are the sets that stay without a workbook of this run: their folders below
    `output`, each with a remark; `tools` stands for rules and templates."""

    output: Path
    entries: tuple[Entry, ...]
    filings: Filings
    left: Mapping[str, str]
    unfiled: tuple[str, ...]
    tools: str

    @property
    def problems(self) -> Iterator[str]:
        """A sentence for each set that stays and of which nothing can be read."""
        for target, result in self._results.items():
            if not result:
                yield (
                    f"{damaged(self.output / target / RESULT_FILE)}这一份没有列入汇总表。"
                    "请把它的填报工作簿放回来，再运行一次 make report。"
                )

    @cached_property
    def digest(self) -> str:
        """Equal where 汇总表 would be the same."""
        lines = [
            (e.file, e.sha256, e.status, e.reason, sorted(e.outputs.items()), e.fingerprint)
            for e in self.entries
            if e.status != IGNORED
        ]
        left = [
            (target, self.left[target], file_sha256(self.output / target / RESULT_FILE))
            for target, result in self._results.items()
            if result
        ]
        alike = [(digest, tuple(by)) for digest, by in self._shared.items()]
        return hashlib.sha256(repr((self.tools, lines, left, self.unfiled, alike)).encode()).hexdigest()

    def workbook(self, run: Runner) -> bytes:
        """汇总表.xlsx; a text that several departments filed is read once more, by `run`."""
        from perfeval.documents.summaries.write import write_summary  # not at the top: it loads pandas

        briefs = [e.outcome.brief for e in self.entries if e.outcome and e.outcome.brief]
        briefs += [kept_brief(result, self.left[target]) for target, result in self._results.items() if result]
        refused: list[Mapping[str, str]] = [
            {"file": e.file, "status": e.status, "reason": e.reason} for e in self.entries if e.status == REJECTED
        ]
        return write_summary(briefs, refused, self.unfiled, self._duplicates(run))

    @cached_property
    def _results(self) -> Mapping[str, Json]:
        """The object of 结果.json of each set that stays; {} where it is damaged."""
        return {target: read_result(self.output / target) for target in self.left}

    @cached_property
    def _shared(self) -> dict[str, dict[str, Entry]]:
        """The digests of long texts that two or more departments filed alike, each with the departments and their
        entries."""
        filed: dict[str, dict[str, Entry]] = {}
        departments = self.filings.departments
        for entry in self.entries:
            for digest in entry.texts:
                filed.setdefault(digest, {}).setdefault(departments.get(entry.file, entry.file), entry)
        return {digest: by for digest, by in filed.items() if len(by) > 1}

    def _duplicates(self, run: Runner) -> list[tuple[str, tuple[str, ...]]]:
        """Those texts, each with its departments; the text is read once more from the first of them."""
        by_file = {task.file: task for task in self.filings.tasks}
        first = dict.fromkeys(by_file[next(iter(by.values())).file] for by in self._shared.values())
        texts: dict[str, str] = {}
        for done in run(texts_of, first):
            texts.update(done.result or {})
        return [(texts[digest], tuple(by)) for digest, by in self._shared.items() if digest in texts]
