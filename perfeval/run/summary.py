"""What 汇总表 and 通报 are made of: the entries of a run, the sets that stay although nothing was made of their workbooks,
who has not filed, which departments filed the same texts."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from perfeval.documents.evaluation import IGNORED, REJECTED
from perfeval.excel.guard import file_sha256
from perfeval.model.names import plain_name
from perfeval.output.record import Entry
from perfeval.output.sets import read_result
from perfeval.output.state import RESULT_FILE, Json, damaged
from perfeval.run.filings import Filings
from perfeval.run.roster import Roster
from perfeval.run.task import kept_brief, texts_of
from perfeval.run.workers import Runner

SUMMARY_FILE, NOTICE_FILE = "汇总表.xlsx", "通报.docx"


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
    roster: Roster | None = None

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
        return hashlib.sha256(repr((self.tools, lines, left, self.unfiled, self._due, alike)).encode()).hexdigest()

    @cached_property
    def _due(self) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
        """Who has to file, each with its 分管股室, and who was renamed; nobody without a roster."""
        return (dict(self.roster.sections), self.roster.renamed) if self.roster else ({}, ())

    def files(self, run: Runner) -> dict[str, bytes]:
        """汇总表.xlsx, and 通报.docx where there is a roster or more than one department; a text that several departments
        filed is read once more, by `run`."""
        from perfeval.documents.summaries.season import Roll  # not at the top: they load pandas
        from perfeval.documents.summaries.tables import tables
        from perfeval.documents.summaries.write import write_summary

        briefs = [e.outcome.brief for e in self.entries if e.outcome and e.outcome.brief]
        briefs += [kept_brief(result, self.left[target]) for target, result in self._results.items() if result]
        refused: list[Mapping[str, str]] = [
            {"file": e.file, "status": e.status, "reason": e.reason} for e in self.entries if e.status == REJECTED
        ]
        made, roll = tables(briefs), Roll(*self._due)
        summary = write_summary(briefs, refused, self.unfiled, self._duplicates(run), roll=roll, made=made)
        if not self.has_notice:
            return {SUMMARY_FILE: summary}
        from perfeval.documents.summaries.notice import Season, write_notice

        return {SUMMARY_FILE: summary, NOTICE_FILE: write_notice(Season(made, len(refused), self.unfiled, roll))}

    @cached_property
    def has_notice(self) -> bool:
        """Whether there is a season to tell of: who has to file is known, or several departments filed."""
        standing = {plain_name(result["department"] or target) for target, result in self._results.items() if result}
        filed = {plain_name(name) for name in self.filings.departments.values()}
        return self.roster is not None or len(standing | filed) > 1

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
