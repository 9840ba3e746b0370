"""What the machine refuses is no fault of the program: exit code 5 and a sentence, never 70."""

import errno
from concurrent.futures import BrokenExecutor

import pytest

from perfeval.cli.shortage import is_short


def chained(words: str) -> ImportError:
    error = ImportError("Unable to import required dependency numpy.")
    error.__cause__ = ImportError(words)
    return error


def after_a_shortage() -> KeyError:
    error = KeyError("a fault of the program")
    error.__context__ = MemoryError()
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), True),
        (BrokenExecutor(), True),
        (OSError(errno.EMFILE, "Too many open files"), True),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (RuntimeError("can't start new thread"), True),
        (RuntimeError("dictionary changed size during iteration"), False),
        (ImportError("x.so: failed to map segment from shared object"), True),
        (chained("x.so: failed to map segment from shared object"), True),
        (ImportError("No module named 'pandas'"), False),
        (ValueError("Cannot allocate memory"), False),
        (after_a_shortage(), False),
    ],
)
def test_what_the_system_refused_is_distinguished_from_a_fault_of_the_program(error, expected):
    assert is_short(error) is expected
