"""Exceptions that stop a run, each with its exit code and remedy.

What is wrong with a workbook is a finding, never an exception. Exceptions are for the operator: a wrong call,
nothing to read, a faulty regulation, an output that cannot be written.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """The process's exit codes; they are interface (docs/开发/结果文件.md)."""

    ALL_REPORTED = 0
    SOME_RETURNED = 1
    USAGE = 2
    NOTHING_TO_READ = 3
    REGULATION_FAULTY = 4
    OUTPUT_UNWRITABLE = 5
    BUG = 70
    INTERRUPTED = 130


class PerfevalError(Exception):
    """A run cannot go on. `message` says what is wrong, `remedy` what to do; both Chinese, for the operator."""

    exit_code = ExitCode.BUG

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n改法：{self.remedy}" if self.remedy else self.message

    def __reduce__(self) -> tuple[type["PerfevalError"], tuple[str, str]]:
        """Both parts survive the way from a worker process to the coordinator."""
        return type(self), (self.message, self.remedy)


class UsageError(PerfevalError):
    """The command was called with words that do not fit."""

    exit_code = ExitCode.USAGE


class NothingToReadError(PerfevalError):
    """No workbook was found where the operator pointed."""

    exit_code = ExitCode.NOTHING_TO_READ


class RegulationError(PerfevalError):
    """A regulation folder or its TOML is faulty; the message names file, key, what is there and what is expected."""

    exit_code = ExitCode.REGULATION_FAULTY


class OutputError(PerfevalError):
    """The output folder cannot be written, or a document in it is locked by another program."""

    exit_code = ExitCode.OUTPUT_UNWRITABLE


class MachineError(PerfevalError):
    """The machine lacks what a run needs: memory, processes, open files. Nothing was written, or not everything."""

    exit_code = ExitCode.OUTPUT_UNWRITABLE


class StoppedError(PerfevalError):
    """The operator pressed Ctrl-C where a question waited for an answer; nothing was written."""

    exit_code = ExitCode.INTERRUPTED


class TemplateError(PerfevalError):
    """A Word template is broken: a damaged tag, an unknown name, an unclosed loop."""

    exit_code = ExitCode.USAGE
