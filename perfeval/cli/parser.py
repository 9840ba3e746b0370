"""argparse in Chinese: its own words, and the argument types of the commands."""

import argparse
import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NoReturn

from perfeval.errors import UsageError

WHOLE = re.compile(r"[+-]?\d+")
SEED_DIGITS = 40


class ChineseParser(argparse.ArgumentParser):
    """argparse whose own words are Chinese too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": ChineseHelp, **options, "add_help": False})
        self._optionals.title, self._positionals.title = "选项", "参数"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse; a blank argument, as of a variable that was never set, would mean the folder one is in."""
        given = list(args or ())
        for before, argument in zip(["", *given], given, strict=False):
            if not argument.strip():
                where = f"（{before} 后面）" if before.startswith("-") else ""
                self.error(f"有一个参数是空的{where}，请写明文件、文件夹或别的内容")
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """A wrong call: one Chinese sentence, the usage line, code 2."""
        raise UsageError(
            f"命令写法不对：{_in_chinese(message)}", f"{self.format_usage().strip()}\n用“{self.prog} --help”查看说明。"
        )


class ChineseHelp(argparse.RawDescriptionHelpFormatter):
    """The usage line begins with 用法."""

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        """As argparse, with its prefix in Chinese."""
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


def _in_chinese(message: str) -> str:
    for english, chinese in (
        ("the following arguments are required: ", "缺少 "),
        ("unrecognized arguments: ", "不认识 "),
        ("invalid choice: ", "没有这个选项："),
        ("choose from", "可用的有"),
        ("expected one argument", "后面要有一个值"),
        ("expected at least one argument", "后面至少要有一个值"),
        ("not allowed with argument", "不能同时使用"),
        ("ambiguous option: ", "不清楚是哪一个选项："),
        ("could match ", "可能是 "),
        ("ignored explicit argument ", "后面不能有值："),
        ("argument ", "参数 "),
    ):
        message = message.replace(english, chinese)
    return message


def positive(text: str) -> int:
    """A whole number from 1 to 9999: of workers, of a year. Raises ArgumentTypeError."""
    number = int(text) if WHOLE.fullmatch(text) and len(text) <= 4 else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"应是 1 到 9999 的整数，现在是“{_shown(text)}”")
    return number


def port(text: str) -> int:
    """A port of this computer that needs no special rights. Raises ArgumentTypeError."""
    number = int(text) if WHOLE.fullmatch(text) and len(text) <= len("65535") else 0
    if not 1024 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"应是 1024 到 65535 的整数，现在是“{_shown(text)}”")
    return number


def seed(text: str) -> int:
    """A whole number. Raises ArgumentTypeError."""
    if not WHOLE.fullmatch(text) or len(text) > SEED_DIGITS:
        raise argparse.ArgumentTypeError(f"应是一个整数（最多 {SEED_DIGITS} 位），现在是“{_shown(text)}”")
    return int(text)


def _shown(text: str) -> str:
    return text if len(text) <= SEED_DIGITS else f"{text[:SEED_DIGITS]}…"


def day(text: str) -> date:
    """A day written 2026-01-15. Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期应写成 2026-01-15 的样子，现在是“{text}”") from None


def renamed(text: str) -> tuple[str, str]:
    """A department's former and present name, written 旧=新. Raises ArgumentTypeError."""
    names = [name.strip() for name in text.replace("＝", "=").split("=")]
    if len(names) != 2 or not all(names):
        raise argparse.ArgumentTypeError(f"应写成 旧名称=新名称 的样子，现在是“{text}”")
    if names[0] == names[1]:
        raise argparse.ArgumentTypeError(f"等号两边应是两个不同的名称，现在是“{text}”")
    return names[0], names[1]
