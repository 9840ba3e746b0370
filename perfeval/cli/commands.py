"""Arguments → call → exit code. No domain logic; whatever is heavy is imported inside the command that needs it.

What the commands do: `runs.py`, `material.py`, `schemes.py`, `exchange.py`.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from perfeval.cli import exchange, material, runs, schemes, streams
from perfeval.cli.arguments import parser
from perfeval.cli.faults import fault_code, system_code
from perfeval.cli.options_file import with_options
from perfeval.cli.say import say
from perfeval.errors import ExitCode, PerfevalError, UsageError

COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    **runs.COMMANDS,
    **material.COMMANDS,
    **schemes.COMMANDS,
    **exchange.COMMANDS,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code. No traceback reaches an official (PERFEVAL_DEBUG=1 shows it to a
    maintainer)."""
    streams.take_over()
    # numpy's algebra, which nobody uses here, would start threads, and interrupt us where the system refuses them
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        _require_chinese_file_names()
        options = with_options(sys.argv[1:] if arguments is None else arguments, parser().parse_args)
        with _logged(options):
            return int(COMMANDS[options.command](options))
    except PerfevalError as error:
        say(str(error))
        return int(error.exit_code)
    except SystemExit as done:  # argparse after --help or --version
        return int(done.code or (ExitCode.OUTPUT_UNWRITABLE if streams.is_lost() else ExitCode.ALL_REPORTED))
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # pressed again while we are leaving, it changes nothing
        say("已中断。已经完成的结果是完整的；再运行一次会接着做完。")
        return int(ExitCode.INTERRUPTED)
    except OSError as error:
        return system_code(error)
    except Exception as error:
        return fault_code(error)


@contextmanager
def _logged(options: argparse.Namespace) -> Iterator[None]:
    """Where a log was asked for, `options.log` becomes it."""
    if getattr(options, "log", None) is None:
        yield
        return
    from perfeval.output.log import Log

    given = [name for name, value in vars(options).items() if value not in (None, False, "", [], 0)]
    options.log, started = Log(options.log, options.command, given), time.monotonic()
    try:
        yield
    except BaseException as error:
        options.log.fault(error)
        raise
    finally:
        options.log.write(f"{time.monotonic() - started:.1f} 秒")


def _require_chinese_file_names() -> None:
    try:
        os.fsencode("汇总表")
    except UnicodeEncodeError:
        raise UsageError(
            "这台机器的语言环境写不了中文文件名。",
            "请把环境变量 LC_ALL 设成 C.UTF-8，或者去掉 PYTHONUTF8=0，再运行一次。",
        ) from None
