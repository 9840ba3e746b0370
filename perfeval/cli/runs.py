"""Commands that run over workbooks: report, check, watch, page."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import perfeval
from perfeval.cli.arguments import DEFAULT_INPUT, EXAMPLE_FOLDER
from perfeval.cli.faults import fault_code
from perfeval.cli.say import require_listener, say, show, show_json
from perfeval.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from perfeval.run.batch import Entry, RunOutcome


def _report(options: argparse.Namespace) -> int:
    paths, output = _places(options)
    outcome = (_run_as_lines if options.progress else _run_in_words)(options, paths, output)
    code = _exit_code(outcome)
    return int(ExitCode.ALL_REPORTED) if options.returned_ok and code == ExitCode.SOME_RETURNED else code


def _places(options: argparse.Namespace) -> tuple[Sequence[Path], Path]:
    """What is read and where the results go; the example where there is nothing to read yet."""
    from perfeval.output.files import chosen
    from perfeval.run.inbox import count_workbooks

    paths, output = options.paths or [DEFAULT_INPUT], chosen(options.output)
    if not options.example or count_workbooks(paths, 1):
        return paths, output
    say(f"{'、'.join(str(p) for p in paths)} 文件夹里还没有工作簿，先用示例演示一遍：{options.example.name}")
    for folder in paths:
        _make_input_folder(folder)
    return [options.example], output / EXAMPLE_FOLDER


def _make_input_folder(folder: Path) -> None:
    from perfeval.output.files import make_folder, unwritable

    try:
        make_folder(folder)
    except OSError as error:
        raise unwritable(folder, error) from error


def _run_in_words(options: argparse.Namespace, paths: Sequence[Path], output: Path) -> "RunOutcome":
    from perfeval.cli.console import Narrator

    with Narrator(quiet=options.quiet) as narrator:
        outcome = _run(options, paths, output, narrator.progress)
    for sentence in (*outcome.follow_up, *(outcome.other_sentences if options.json else ())):
        say(sentence)
    if options.json:
        _show_results(outcome)
    else:
        print(narrator.summary(outcome, output))
    return outcome


def _run_as_lines(options: argparse.Namespace, paths: Sequence[Path], output: Path) -> "RunOutcome":
    from perfeval.cli.progress import JsonLines
    from perfeval.run.inbox import count_workbooks

    # another program drives us, and stops us so: even where it was itself started with the signal ignored
    signal.signal(signal.SIGINT, signal.default_int_handler)
    lines = JsonLines(count_workbooks(paths, sys.maxsize))
    outcome = _run(options, paths, output, lines.progress)
    lines.finish(outcome, output)
    require_listener()
    return outcome


def _run(
    options: argparse.Namespace, paths: Sequence[Path], output: Path, progress: "Callable[[int, int, Entry], None]"
) -> "RunOutcome":
    outcome = perfeval.report(
        paths,
        output,
        jobs=options.jobs,
        as_of=options.as_of,
        roster=options.roster,
        renames=options.rename,
        regulations=options.regulations,
        templates=options.template,
        annotated=options.annotated,
        force=options.force,
        previous=options.previous,
        cluster=options.cluster,
        pdf=options.pdf,
        public=options.public,
        progress=progress,
    )
    _log(options, outcome)
    return outcome


def _log(options: argparse.Namespace, outcome: "RunOutcome") -> None:
    if options.log:
        options.log.entries(outcome.entries)
        if outcome.fault is not None:
            options.log.fault(outcome.fault)


def _show_results(outcome: "RunOutcome") -> None:
    show_json([e.result for e in outcome.entries if e.result])


def _check(options: argparse.Namespace) -> int:
    outcome = perfeval.check(
        options.paths or [DEFAULT_INPUT], jobs=options.jobs, as_of=options.as_of, regulations=options.regulations
    )
    _log(options, outcome)
    if options.json:
        _show_results(outcome)
    else:
        from perfeval.cli.console import describe

        show("\n\n".join(describe(entry) for entry in outcome.entries))
    return _exit_code(outcome)


def _exit_code(outcome: "RunOutcome") -> int:
    if outcome.fault is not None:
        return fault_code(outcome.fault)
    if outcome.locked:
        return int(ExitCode.OUTPUT_UNWRITABLE)
    return int(
        ExitCode.SOME_RETURNED if outcome.count("returned") + outcome.count("rejected") else ExitCode.ALL_REPORTED
    )


def _watch(options: argparse.Namespace) -> int:
    from perfeval.cli.watching import watch

    return watch(options)


def _page(options: argparse.Namespace) -> int:
    try:
        from perfeval.page.serve import serve
    except ImportError as error:
        raise UsageError(
            f"没有安装页面需要的软件包（{error.name}）。", "请运行 make setup；或者 pip install 'perfeval[page]'。"
        ) from error
    serve(options.folder, options.port, not options.no_browser)
    return int(ExitCode.ALL_REPORTED)


COMMANDS = {"report": _report, "check": _check, "watch": _watch, "page": _page}
