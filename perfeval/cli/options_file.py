"""perfeval.toml in the working folder: the options somebody always gives, written down once.

Each table is a command, each key one of its long options; they stand before those of the call, which therefore win.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from perfeval.errors import UsageError

OPTIONS_FILE = Path("perfeval.toml")
EXAMPLE = """[report]
roster = "报送名册.xlsx"
jobs = 2
"""


def with_options(arguments: Sequence[str], parse: Callable[[Sequence[str]], Any]) -> Any:
    """What `parse` makes of the arguments with the file's put in. Raises UsageError for a file that it refuses, and
    whatever `parse` raises for the call itself."""
    command = arguments[0] if arguments else ""
    if command.startswith("-") or not OPTIONS_FILE.exists():
        return parse(arguments)
    table = _tables().get(command, {})
    if not isinstance(table, dict):
        raise _wrong(f"“{command}”应是一节，现在是一个值。")
    try:
        return parse([command, *_words(table), *arguments[1:]])
    except UsageError as error:
        try:
            parse(arguments)
        except UsageError:  # the call itself is wrong
            raise error from None
        raise _wrong(f"的 [{command}] 一节写得不对：{error.message}") from error


def _tables() -> dict[str, Any]:
    from perfeval.output.files import read_file
    from perfeval.rules.toml_file import MOST_BYTES, TomlFault, read_toml

    try:
        return read_toml(read_file(OPTIONS_FILE.resolve(), MOST_BYTES))
    except OSError as error:
        raise UsageError(f"读不了“{OPTIONS_FILE}”。", "请检查这个文件的权限。") from error
    except TomlFault as error:
        raise _wrong(f"写法不对（{error}）。") from error


def _words(table: dict[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        option = f"--{key.replace('_', '-')}"
        if value is True:
            yield option
        elif value is not False:
            yield from (f"{option}={one}" for one in (value if isinstance(value, list) else [value]))


def _wrong(what: str) -> UsageError:
    return UsageError(f"“{OPTIONS_FILE}”{what}", f"请照命令的选项写，如：\n{EXAMPLE}不用了的，删掉这个文件。")
