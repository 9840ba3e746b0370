"""Has the sets of a run built and puts each into its place; withdraws those whose workbooks are gone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread

from perfeval.documents.evaluation import Settings
from perfeval.errors import OutputError, PerfevalError
from perfeval.findings.catalogue import make
from perfeval.output import publishing
from perfeval.output.record import Earlier, Entry, Task, journal
from perfeval.output.state import RESULT_FILE, damaged, read_object
from perfeval.run.filings import rejected
from perfeval.run.task import Processed, stage_one
from perfeval.run.workers import Done, Runner

UNKNOWN_SET = "请把它的填报工作簿放回来再运行一次 make report；工作簿已经撤回的，请自己移走这个文件夹。"


class Publisher:
    """Has the sets built that need it, and puts each into its place as soon as it is staged.

    `locked` are the folders whose old documents stay, `kept` sentences about documents that somebody had changed,
    `problems` those about sets that could not be withdrawn, `faults` what the program itself failed by.
    """

    def __init__(self, output: Path, settings: Settings, earlier: Earlier, run: Runner, force: bool) -> None:
        self.faults: list[BaseException] = []
        self.locked: set[Path] = set()
        self.kept: list[str] = []
        self.problems: list[str] = []
        self._output, self._earlier, self._run, self._force = output, earlier, run, force
        self._stage = partial(stage_one, settings, output)

    def publish(self, tasks: Sequence[Task]) -> Iterator[Entry]:
        """An entry for each task: first those that are unchanged, then each that is built, as it is done."""
        unchanged = {} if self._force else {task: self._earlier.entry(task) for task in tasks}
        for entry in unchanged.values():
            if entry is not None:
                self._note(entry)
                yield entry
        due = [task for task in tasks if unchanged.get(task) is None]
        if due:
            Thread(target=_load_pandas, daemon=True).start()  # while the workers are at it
        for done in self._run(self._stage, due):
            yield self._published(done)

    def withdraw(self, targets: Iterable[str]) -> None:
        """Removes the sets in these folders below the output folder; not one of which nobody knows whose it is."""
        for target in sorted(targets):
            path = self._output / target / RESULT_FILE
            if not read_object(path):
                self.problems.append(f"{damaged(path)}不知道这一份是谁的，没有动它。{UNKNOWN_SET}")
                continue
            try:
                self._set_aside(target)
                publishing.withdraw(self._output, target)
            except OutputError as error:
                self.problems.append(str(error))

    def _published(self, done: Done[Task, Processed]) -> Entry:
        """The entry of a finished workbook, its set in place; a locked set stays the old one."""
        entry = entry_of(done, self.faults)
        if done.result is None or done.result.staged is None:
            return entry
        staged, task = done.result.staged, done.task
        targets = {task.target, *([task.superseded.target] if task.superseded else ())}
        try:
            for target in sorted(targets):
                self._set_aside(target, staged.hashes if target == staged.target else None)
            publishing.publish(self._output, staged)
        except OutputError as error:
            self.locked |= {self._output / target for target in targets}
            return replace(entry, reason=str(error))
        outputs = {f"{staged.target}/{name}": digest for name, digest in sorted(staged.hashes.items())}
        entry = replace(entry, outputs=outputs, fingerprint=task.fingerprint, texts=done.result.texts)
        self._note(entry)
        return entry

    def _set_aside(self, target: str, new: Mapping[str, str] | None = None) -> None:
        """Keeps what somebody changed in a set's folder, or put in the place of a `new` document (name → sha256), from
        being swept away. Raises OutputError."""
        self.kept += publishing.set_changed_aside(self._output, target, self._earlier.written, new)

    def _note(self, entry: Entry) -> None:
        journal(self._output, entry)


def entry_of(done: Done[Task, Processed], faults: list[BaseException]) -> Entry:
    """The entry of a workbook that a worker has finished, or given up; what the program failed by is added to `faults`.
    Raises the PerfevalError that is no fault of the workbook: a full disk, a broken template."""
    task = done.task
    if done.result is None:
        if isinstance(done.fault, PerfevalError):
            raise done.fault
        faults += [done.fault] if done.fault else []
        return rejected(task, make(done.code, None, found=task.file))
    outcome = done.result.outcome
    return Entry(
        task.file, task.sha256, outcome.status, outcome.reason or done.result.remark, outcome, folder=task.folder
    )


def _load_pandas() -> None:
    with suppress(Exception):  # what it fails by is said where the summary needs it
        import_module("perfeval.documents.summaries.write")
