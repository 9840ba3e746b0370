"""Commands over a regulation: `perfeval regulation list` and the others."""

import argparse

from perfeval.cli.faults import fault_code
from perfeval.cli.say import show, show_json
from perfeval.errors import ExitCode


def _list(options: argparse.Namespace) -> int:
    from perfeval.rules.load import abstract_sources, load_regulations
    from perfeval.schemes.describe import list_regulations

    show(list_regulations(load_regulations(options.regulations), abstract_sources(options.regulations)))
    return int(ExitCode.ALL_REPORTED)


def _show(options: argparse.Namespace) -> int:
    from perfeval.rules.load import named_regulation
    from perfeval.schemes.describe import show_regulation

    show(show_regulation(named_regulation(options.id, options.regulations)))
    return int(ExitCode.ALL_REPORTED)


def _lint(options: argparse.Namespace) -> int:
    from perfeval.rules.load import load_folder, load_regulations
    from perfeval.schemes.describe import describe_sound

    load_regulations(options.folder)
    show(describe_sound(load_folder(options.folder).values()))
    return int(ExitCode.ALL_REPORTED)


def _new(options: argparse.Namespace) -> int:
    from perfeval.cli.questions import answers
    from perfeval.rules.load import load_regulations
    from perfeval.schemes.new import questions, refuse_taken, write_scheme

    refuse_taken(options.output)
    regulations = load_regulations(options.regulations)
    print(
        write_scheme(options.output, answers(questions(regulations), vars(options)), regulations, options.regulations)
    )
    return int(ExitCode.ALL_REPORTED)


def _export(options: argparse.Namespace) -> int:
    from perfeval.rules.load import load_regulations, named_regulation
    from perfeval.schemes.workbook.files import export_workbook

    export_workbook(
        named_regulation(options.id, options.regulations), load_regulations(options.regulations), options.output
    )
    print(f"已写出 {options.output}")
    return int(ExitCode.ALL_REPORTED)


def _import(options: argparse.Namespace) -> int:
    from perfeval.rules.load import load_regulations
    from perfeval.schemes.workbook.files import import_workbook

    print(import_workbook(options.workbook, options.output, load_regulations(options.regulations)))
    return int(ExitCode.ALL_REPORTED)


def _whatif(options: argparse.Namespace) -> int:
    from perfeval.rules.load import load_regulations, named_regulation
    from perfeval.schemes.whatif import Question, as_json, describe, what_if

    old, new = (named_regulation(name, options.regulations) for name in (options.old, options.new))
    answer = what_if(Question(old, new, load_regulations(options.regulations)), options.paths, options.jobs)
    if options.json:
        show_json(as_json(answer))
    else:
        show(describe(answer))
    fault = next((e.fault for e in answer.effects if e.fault), None)
    return fault_code(fault) if fault else int(ExitCode.SOME_RETURNED if answer.rejected else ExitCode.ALL_REPORTED)


def _diff(options: argparse.Namespace) -> int:
    from perfeval.rules.load import named_regulation
    from perfeval.schemes.compare import differences

    old, new = (named_regulation(name, options.regulations) for name in (options.old, options.new))
    found = differences(old, new)
    show("\n".join(found) if found else f"{old.id} 与 {new.id} 没有会影响评分、等级或核对的不同。")
    return int(ExitCode.ALL_REPORTED)


COMMANDS = {
    "regulation list": _list,
    "regulation show": _show,
    "regulation lint": _lint,
    "regulation diff": _diff,
    "regulation whatif": _whatif,
    "regulation new": _new,
    "regulation export": _export,
    "regulation import": _import,
}
