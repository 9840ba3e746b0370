"""What a command prints: words to the operator on standard error, what was asked for on standard output."""

import json
import sys

from perfeval.cli import streams
from perfeval.errors import OutputError


def say(text: str) -> None:
    """A sentence to the operator."""
    print(text, file=sys.stderr, flush=True)


def show(text: str) -> None:
    """Prints what a command gives that is nowhere else. Raises OutputError where it reaches nobody."""
    print(text)
    require_listener()


def show_json(value: object) -> None:
    """The same for another program."""
    show(json.dumps(value, ensure_ascii=False, indent=1))


def require_listener() -> None:
    """Raises OutputError where something that was printed reached nobody."""
    if streams.is_lost():
        raise OutputError(
            "结果没有全部写到标准输出：它已关闭、已满，或者接收的程序先退出了。", "请换一个地方接收，再运行一次。"
        )
