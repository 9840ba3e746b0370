"""Commands that need no run: audit, prefill, template, explain."""

import argparse
from collections.abc import Mapping

from perfeval.cli.say import say, show, show_json
from perfeval.errors import ExitCode, UsageError


def _audit(options: argparse.Namespace) -> int:
    from perfeval.audit.message import message
    from perfeval.audit.run import answer, audit_reports

    outcome = audit_reports(options.reports, options.output)
    if options.json:
        show_json(answer(outcome.audits))
        for line in outcome.written:
            say(line)
        return outcome.exit_code
    readable = [message(a) for a in outcome.audits if not a.error]
    if readable or outcome.written:
        show("\n\n".join([*readable, *outcome.written]))
    for audit in outcome.audits:
        if audit.error:
            say(audit.error)
    return outcome.exit_code


def _prefill(options: argparse.Namespace) -> int:
    from perfeval.prefill.prefill import Wanted, as_json, prefill, summary

    if options.export:
        return _export(options)
    wanted = Wanted(options.department, options.year, options.regulation, options.kind)
    outcome = prefill(options.paths, options.output, wanted, options.regulations)
    if options.json:
        show_json(as_json(outcome))
    else:
        show(summary(outcome))
    return int(ExitCode.ALL_REPORTED)


def _export(options: argparse.Namespace) -> int:
    from perfeval.prefill.export import export

    written, kept = export(options.paths, options.output)
    show("\n".join([*(f"已写出 {path}" for path in written), *kept]))
    return int(ExitCode.ALL_REPORTED)


def _template(options: argparse.Namespace) -> int:
    from perfeval.output.files import write_files

    written, kept = write_files(options.output, _blank_forms(options))
    print("\n".join([*(f"已写出 {path}" for path in written), *kept]))
    return int(ExitCode.ALL_REPORTED)


def _blank_forms(options: argparse.Namespace) -> Mapping[str, bytes]:
    """What is written, by its file's name."""
    if options.report:
        from perfeval.documents.report.write import standard_templates

        return standard_templates()
    if options.roster:
        from perfeval.blank.roster import ROSTER_NAME, roster_workbook

        return {ROSTER_NAME: roster_workbook()}
    from perfeval.blank.examples import blank_templates
    from perfeval.rules.load import load_regulations, regulations_with

    if options.regulation is None:
        return blank_templates(load_regulations(options.regulations), None, options.year)
    chosen, regulations = regulations_with(options.regulation, options.regulations)
    return blank_templates(regulations, chosen.id, options.year)


def _explain(options: argparse.Namespace) -> int:
    from perfeval.findings.explain import explain, list_codes

    if not options.all and not options.code:
        raise UsageError(
            "请写出要查的编号。", "例如 perfeval explain INDICATOR_003；perfeval explain --all 列出全部编号。"
        )
    show(list_codes() if options.all else explain(options.code))
    return int(ExitCode.ALL_REPORTED)


COMMANDS = {"audit": _audit, "prefill": _prefill, "template": _template, "explain": _explain}
