"""perfeval in a process of its own: a run that tells how far it is and can be stopped, and commands whose words are
shown."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from perfeval.model.status import RETURNED

LOG_FILE = "perfeval日志.txt"
MOST_WORDS = 200_000  # bytes of a command's words that are shown
SECONDS = 600  # for a command
if sys.platform == "win32":
    INTERRUPTION, NEW_GROUP = (
        signal.CTRL_BREAK_EVENT,
        0x200,
    )  # CREATE_NEW_PROCESS_GROUP: else it would reach the page too
else:
    INTERRUPTION, NEW_GROUP = signal.SIGINT, 0


@dataclass(slots=True)
class Run:
    """A run, as far as it has come. `sentences` are what it says in the end, `fault` why there was none."""

    is_going: bool = True
    is_stopped: bool = False
    workbooks: int = 0
    done: int = 0
    of: int = 0
    returned: int = 0
    started: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    sentences: tuple[str, ...] = ()
    unfiled: tuple[str, ...] = ()
    fault: str = ""
    process: asyncio.subprocess.Process | None = None

    @property
    def state(self) -> str:
        """One line for people."""
        if self.is_going:
            if not self.of:
                return f"正在看是谁报送的，共 {self.workbooks} 份" if self.workbooks else "正在准备"
            return f"已完成 {self.done} / {self.of}，退回 {self.returned}{self._left()}"
        if self.is_stopped:
            return "已停止。已完成的都保留；再按“开始核对”会接着做完。"
        return "没有做成" if self.fault else "核对完了"

    def _left(self) -> str:
        if not self.done:
            return ""
        each = (asyncio.get_running_loop().time() - self.started) / self.done
        return f"，大约还要 {max(1, round(each * (self.of - self.done)))} 秒"

    def hear(self, line: bytes) -> None:
        """Takes in one line of `--progress json`."""
        try:
            said: dict[str, Any] = json.loads(line)
        except ValueError:
            return
        match said.get("event"):
            case "started":
                self.workbooks = said["workbooks"]
            case "done" if said["number"] is not None:
                self.done, self.of = said["number"], said["of"]
                self.returned += said["status"] == RETURNED
            case "finished":
                self.sentences, self.unfiled = tuple(said["sentences"]), tuple(said["unfiled"])

    def stop(self) -> None:
        """Asks the process to end; what is finished stays."""
        if self.process and self.process.returncode is None:
            self.is_stopped = True
            self.process.send_signal(INTERRUPTION)


async def start(folder: Path, options: Sequence[str] = ()) -> tuple[Run, "asyncio.Task[None]"]:
    """Starts `perfeval report` on the folder; the run, and the task that listens to it."""
    run = Run()
    words = ("report", "input", "-o", "output", "--progress", "json", "--log", LOG_FILE, *options)
    run.process = await _process(folder, words, asyncio.subprocess.PIPE)
    return run, asyncio.create_task(_listen(run))


async def _listen(run: Run) -> None:
    assert run.process is not None
    assert run.process.stdout is not None
    assert run.process.stderr is not None
    complaints = asyncio.create_task(run.process.stderr.read())
    async for line in run.process.stdout:
        run.hear(line)
    said = (await complaints).decode(errors="replace").strip()
    code = await run.process.wait()
    run.is_going = False
    if code not in (0, 1) and not run.is_stopped:
        run.fault = said[-MOST_WORDS:] or f"程序意外结束（{code}）。"


async def words_of(folder: Path, *words: str) -> tuple[int, str]:
    """Runs one command to its end: its exit code and all it said."""
    process = await _process(folder, words, asyncio.subprocess.STDOUT)
    try:
        said, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
        return -1, "做得太久，已经停下。"
    return process.returncode or 0, said.decode(errors="replace")[-MOST_WORDS:]


async def _process(folder: Path, words: Sequence[str], complaints: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "perfeval",
        *words,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=complaints,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)},
        limit=1024 * 1024,
        creationflags=NEW_GROUP,
        start_new_session=sys.platform != "win32",
    )
