"""`perfeval watch`: a run whenever something in the folder has come to rest, until Ctrl-C."""

import argparse
import time
from pathlib import Path

import perfeval
from perfeval.cli.arguments import DEFAULT_INPUT
from perfeval.cli.console import Narrator
from perfeval.cli.say import say
from perfeval.errors import PerfevalError, UsageError
from perfeval.output.files import chosen
from perfeval.run.watch import Watch


def watch(options: argparse.Namespace) -> int:
    """Never returns: Ctrl-C is the end of it. A run that cannot take place is tried again at the next look."""
    folder, output = options.folder or DEFAULT_INPUT, chosen(options.output)
    if not folder.is_dir():
        raise UsageError(f"找不到文件夹“{folder}”。", "请先建好放填报工作簿的文件夹，或者写对它的位置。")
    say(
        f"正在看着 {folder}，每 {options.every} 秒看一次；放进来的工作簿稳定以后自动处理，结果在 {output}。按 Ctrl-C 结束。"
    )
    watched, waiting, last = Watch(folder, output), frozenset[Path](), ""
    while True:
        found = watched.look()
        if found is not None:
            if new := sorted(path.name for path in found - waiting):
                say(f"正在编辑或者还没有复制完，等它稳定：{'、'.join(new)}")
            waiting = found
            sentence = _run(options, folder, output, waiting)
            if sentence:
                watched.look_again()
                if sentence != last:  # every five seconds the same would drown the rest
                    say(sentence)
            last = sentence
        time.sleep(options.every)


def _run(options: argparse.Namespace, folder: Path, output: Path, waiting: frozenset[Path]) -> str:
    """One run with the closing lines of `perfeval report`; the sentence where none took place."""
    narrator = Narrator(quiet=True)
    try:
        outcome = perfeval.report(
            [folder], output, jobs=options.jobs, roster=options.roster, regulations=options.regulations, waiting=waiting
        )
    except PerfevalError as error:
        return str(error)
    print(narrator.summary(outcome, output), flush=True)
    return ""
