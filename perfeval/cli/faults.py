"""What no command expected → a Chinese sentence and an exit code. PERFEVAL_DEBUG=1 shows a maintainer the traceback."""

import os

from perfeval.cli.say import say
from perfeval.cli.shortage import is_short
from perfeval.errors import ExitCode, MachineError


def system_code(error: OSError) -> int:
    """What is written has its own sentences; this is a place to read from, named by the operator, that the system lets
    nobody look at."""
    from perfeval.output.files import unusable

    if not error.filename or is_short(error):
        return fault_code(error)
    _show_maintainer(error)
    refusal = unusable(error)
    say(str(refusal))
    return int(refusal.exit_code)


def fault_code(error: BaseException) -> int:
    """A machine short of something, or a fault of the program."""
    _show_maintainer(error)
    if is_short(error):
        say("电脑的内存、进程数或者打开的文件数不够用，没有做完。您的文件没有被改动，已经完成的结果是完整的。")
        say("改法：请关闭其他程序，或者换一台空闲的电脑，再运行一次；会接着做完。")
        return int(MachineError.exit_code)
    say(f"程序内部错误（{type(error).__name__}）。您的文件没有被改动。请把这句话和当时的工作簿发给维护人员。")
    return int(ExitCode.BUG)


def _show_maintainer(error: BaseException) -> None:
    if os.environ.get("PERFEVAL_DEBUG") == "1":
        raise error
