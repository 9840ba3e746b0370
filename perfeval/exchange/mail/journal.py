"""What has been sent: one line an event, written through to the disk before the step it announces. So that nothing goes
out twice.

intent   before the connection is opened          → if the program ends here, nothing was sent
data     before the letter itself is handed over  → if it ends here, nobody knows: 结果未知，请核对
sent     the server took it          refused   it did not, or was never reached      unknown   the connection broke in
between
marked   somebody checked: it arrived, or was sent by hand      again   somebody checked: it did not arrive, it may go
once more
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from io import BufferedRandom
from pathlib import Path
from typing import Any

from perfeval.errors import OutputError, UsageError
from perfeval.output import files
from perfeval.output.files import Kind
from perfeval.output.schema import rule, texts
from perfeval.output.state import Unreadable, parsed

JOURNAL_FILE = "发送记录.jsonl"
MOST_BYTES = 256 * 1024 * 1024
LINE_START = b'{"time": "'  # of every line that is written here
is_entry = rule(texts("time", "event", "message_id"))
LOCKED_BYTE = 1 << 40  # far behind any content, since Windows locks what it locks against reading too


class Event(StrEnum):
    """What is recorded of a letter."""

    INTENT = "intent"
    DATA = "data"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    MARKED = "marked"
    AGAIN = "again"


class State(StrEnum):
    """Where a letter is."""

    QUEUED = "待发"
    SENT = "已发出"
    UNKNOWN = "结果未知，请核对"


STATE_AFTER = {
    Event.INTENT: State.QUEUED,
    Event.DATA: State.UNKNOWN,
    Event.SENT: State.SENT,
    Event.REFUSED: State.QUEUED,
    Event.UNKNOWN: State.UNKNOWN,
    Event.MARKED: State.SENT,
    Event.AGAIN: State.QUEUED,
}


@dataclass(frozen=True, slots=True)
class Status:
    """A letter's state, since when, its subject, and whether a person has allowed it to go once more."""

    state: State = State.QUEUED
    since: str = ""
    subject: str = ""
    allowed: bool = False

    def after(self, entry: Mapping[str, Any]) -> "Status":
        """Where the letter is after a further line. Raises ValueError or KeyError for a line that is none of
        ours."""
        event = Event(entry["event"])
        state = STATE_AFTER[event]
        allowed = event is Event.AGAIN or (self.allowed and state is not State.SENT)
        return Status(state, str(entry["time"]), str(entry.get("subject", self.subject)), allowed)


@dataclass(slots=True)
class Journal:
    """The open journal; `statuses` by Message-ID. Only one program at a time has it open for writing."""

    stream: BufferedRandom
    statuses: dict[str, Status] = field(default_factory=dict)

    def write(self, event: Event, identifier: str, moment: datetime, **details: Any) -> None:
        """Records an event; when this returns it is on the disk. Raises OutputError."""
        line = {"time": moment.isoformat(timespec="seconds"), "event": str(event), "message_id": identifier, **details}
        try:
            self.stream.seek(0, os.SEEK_END)
            self.stream.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            self.stream.flush()
            os.fsync(self.stream.fileno())
        except OSError as error:
            raise files.unwritable(Path(JOURNAL_FILE), error) from error
        self.statuses[identifier] = self.statuses.get(identifier, Status()).after(line)


def read_statuses(output: Path) -> Mapping[str, Status]:
    """Where each letter is, without touching the journal. Raises UsageError for a journal that is no longer whole,
    OutputError for what is none."""
    path = output / JOURNAL_FILE
    kind = files.kind_of(path)
    try:
        content = b"" if kind is Kind.NOTHING else files.read_file(path, MOST_BYTES)
    except OSError as error:
        raise (files.unwritable(path, error) if kind is Kind.FILE else files.in_the_way(path, kind)) from error
    return _statuses(path, content)


@contextmanager
def open_journal(output: Path) -> Iterator[Journal]:
    """The journal beside the outbox, for writing. Raises OutputError where another program is sending, UsageError for a
    damaged journal."""
    path = output / JOURNAL_FILE
    try:
        stream = os.fdopen(files.open_to_change(path), "r+b")
    except OSError as error:
        raise files.unwritable(path, error) from error
    with stream:
        _lock(stream)
        content = stream.read(MOST_BYTES)
        statuses = dict(_statuses(path, content))
        stream.truncate(content.rfind(b"\n") + 1)  # a last line cut short announced a step that was never taken
        files.sync_folder(output)
        yield Journal(stream, statuses)


def _statuses(path: Path, content: bytes) -> Mapping[str, Status]:
    statuses: dict[str, Status] = {}
    *lines, last = content.split(b"\n")
    for number, line in enumerate([*lines, *([last] if not _is_cut_short(last) else [])], start=1):
        try:
            entry = parsed(line)
            if not is_entry(entry):
                raise Unreadable("none of ours")
            identifier = entry["message_id"]
            statuses[identifier] = statuses.get(identifier, Status()).after(entry)
        except ValueError as error:
            raise UsageError(
                f"“{path}”第 {number} 行读不出来，不知道哪些已经发过，所以什么都没有发。",
                "请用备份恢复这个文件；实在没有备份的，核对收件方收到了哪些，再删掉这一行。",
            ) from error
    return statuses


def _is_cut_short(last: bytes) -> bool:
    """Whether what is behind the last line end is nothing, or the beginning of one of our lines."""
    return last.startswith(LINE_START) or LINE_START.startswith(last)


def _lock(stream: BufferedRandom) -> None:
    """Raises OutputError where another program holds the journal. The lock ends with the program, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            stream.seek(LOCKED_BYTE)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
            stream.seek(0)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise OutputError("另一个窗口正在发送，这一次什么都没有发。", "请等它结束，再运行一次。") from error
