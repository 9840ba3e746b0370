"""Questions put to the operator: what is not given as an option is asked for, a line an answer."""

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from perfeval.errors import StoppedError, UsageError

if TYPE_CHECKING:
    from perfeval.schemes.new import Question

MOST_CHARACTERS = 10_000


def answers(questions: Iterable["Question"], given: Mapping[str, str | None]) -> dict[str, str]:
    """The value of each question by its name. Raises UsageError for an answer that will not do, or where no more come;
    StoppedError. On a terminal a question is asked until its answer will do."""
    found = {}
    for question in questions:
        option = given.get(question.name)
        found[question.name] = question.read(option) if option is not None else _asked(question)
    return found


def _asked(question: "Question") -> str:
    while True:
        print(f"{question.listed}{question.label}（{question.example}）：", end="", file=sys.stderr, flush=True)
        line = _line(question)
        try:
            return question.read(line)
        except UsageError as refused:
            if sys.stdin is None or not sys.stdin.isatty():
                raise
            print(refused, file=sys.stderr)


def _line(question: "Question") -> str:
    """An empty line is an answer, the end of input none."""
    try:
        line = sys.stdin.readline(MOST_CHARACTERS) if sys.stdin else ""
    except KeyboardInterrupt:
        raise StoppedError("\n已中断，没有写出任何文件。") from None
    if sys.stdin is None or not sys.stdin.isatty():
        print(file=sys.stderr)  # nobody has ended the line of the question
    if not line:
        raise UsageError(
            f"没有读到“{question.label}”的回答：输入已经结束，没有写出任何文件。",
            f"请在终端里运行，逐项回答；或者用 --{question.name} 写明。",
        )
    return line
