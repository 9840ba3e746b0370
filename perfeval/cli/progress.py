"""`--progress json`: a run as one JSON object a line on standard output, for the page and for scripts
(docs/开发/结果文件.md)."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfeval.model.status import IGNORED, REJECTED, REPORTED, RETURNED

if TYPE_CHECKING:
    from perfeval.run.batch import Entry, RunOutcome


class JsonLines:
    """Writes the lines; used like the Narrator of console.py."""

    def __init__(self, workbooks: int) -> None:
        self._said: set[str] = set()
        _line("started", workbooks=workbooks)
        _line("settling")

    def progress(self, done: int, total: int, entry: "Entry") -> None:
        """Called once for each finished workbook."""
        self._said.add(entry.file)
        _line("done", number=done, of=total, **_facts(entry))

    def finish(self, outcome: "RunOutcome", output: Path) -> None:
        """A line for each input that no worker had, and the last one."""
        for entry in outcome.entries:
            if entry.file not in self._said and entry.status != IGNORED:
                _line("done", number=None, of=None, **_facts(entry))
        counts = {status: outcome.count(status) for status in (REPORTED, RETURNED, REJECTED, IGNORED)}
        unfiled, sentences = list(outcome.unfiled), [*outcome.follow_up, *outcome.other_sentences]
        _line("finished", output=str(output), **counts, unfiled=unfiled, sentences=sentences)


def _facts(entry: "Entry") -> dict[str, Any]:
    known = entry.outcome.facts if entry.outcome else {}
    keys = {"score": "total", "grade": "grade", "errors": "errors", "questions": "questions"}
    return {
        "file": entry.file,
        "status": entry.status,
        **{key: known.get(name) for key, name in keys.items()},
        "reason": entry.reason,
        "unchanged": entry.unchanged,
    }


def _line(event: str, **values: Any) -> None:
    print(json.dumps({"event": event, **values}, ensure_ascii=False), flush=True)
