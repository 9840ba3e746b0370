"""Arguments → call → exit code. No domain logic; whatever is heavy is imported inside the command that needs it."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import perfeval
from perfeval.cli import streams
from perfeval.cli.arguments import DEFAULT_INPUT, parser
from perfeval.cli.options_file import with_options
from perfeval.cli.shortage import is_short
from perfeval.errors import ExitCode, MachineError, NothingToReadError, OutputError, PerfevalError, UsageError

if TYPE_CHECKING:
    from perfeval.exchange.review.sample import Sampled
    from perfeval.output.log import Log
    from perfeval.run.batch import RunOutcome

EXAMPLE_FOLDER = "示例"


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
        _say(str(error))
        return int(error.exit_code)
    except SystemExit as done:  # argparse after --help or --version
        return int(done.code or (ExitCode.OUTPUT_UNWRITABLE if streams.is_lost() else ExitCode.ALL_REPORTED))
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # pressed again while we are leaving, it changes nothing
        _say("已中断。已经完成的结果是完整的；再运行一次会接着做完。")
        return int(ExitCode.INTERRUPTED)
    except OSError as error:
        return _unusable(error) if error.filename and not is_short(error) else _bug(error)
    except Exception as error:
        return _bug(error)


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


def _unusable(error: OSError) -> int:
    """What is written has its own sentences; this is a place to read from, named by the operator, that the system lets
    nobody look at."""
    from perfeval.output.files import unusable

    if os.environ.get("PERFEVAL_DEBUG") == "1":
        raise error
    refusal = unusable(error)
    _say(str(refusal))
    return int(refusal.exit_code)


def _bug(error: BaseException) -> int:
    if os.environ.get("PERFEVAL_DEBUG") == "1":
        raise error
    if is_short(error):
        _say("电脑的内存、进程数或者打开的文件数不够用，没有做完。您的文件没有被改动，已经完成的结果是完整的。")
        _say("改法：请关闭其他程序，或者换一台空闲的电脑，再运行一次；会接着做完。")
        return int(MachineError.exit_code)
    _say(f"程序内部错误（{type(error).__name__}）。您的文件没有被改动。请把这句话和当时的工作簿发给维护人员。")
    return int(ExitCode.BUG)


def _require_chinese_file_names() -> None:
    try:
        os.fsencode("汇总表")
    except UnicodeEncodeError:
        raise UsageError(
            "这台机器的语言环境写不了中文文件名。",
            "请把环境变量 LC_ALL 设成 C.UTF-8，或者去掉 PYTHONUTF8=0，再运行一次。",
        ) from None


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _show(text: str) -> None:
    """Prints what a command gives that is nowhere else. Raises OutputError where it reaches nobody."""
    print(text)
    _require_listener()


def _require_listener() -> None:
    """Raises OutputError where something that was printed reached nobody."""
    if streams.is_lost():
        raise OutputError(
            "结果没有全部写到标准输出：它已关闭、已满，或者接收的程序先退出了。", "请换一个地方接收，再运行一次。"
        )


def _report(options: argparse.Namespace) -> int:
    from perfeval.output.files import chosen

    paths, output = options.paths or [DEFAULT_INPUT], chosen(options.output)
    if options.example and not _count_workbooks(paths, 1):
        _say(f"{'、'.join(str(p) for p in paths)} 文件夹里还没有工作簿，先用示例演示一遍：{options.example.name}")
        for folder in paths:
            _make_input_folder(folder)
        paths, output = [options.example], output / EXAMPLE_FOLDER
    from perfeval.cli.console import Narrator
    from perfeval.cli.progress import JsonLines

    lines = JsonLines(_count_workbooks(paths, sys.maxsize)) if options.progress else None
    if lines:  # another program drives us, and stops us so: even where it was itself started with the signal ignored
        signal.signal(signal.SIGINT, signal.default_int_handler)
    with Narrator(quiet=options.quiet or lines is not None) as narrator:
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
            progress=lines.progress if lines else narrator.progress,
        )
    if options.log:
        _log_outcome(options.log, outcome)
    if lines:
        lines.finish(outcome, output)
        _require_listener()
        return _final(options, outcome)
    for sentence in (*outcome.follow_up, *(outcome.other_sentences if options.json else ())):
        _say(sentence)
    if options.json:
        _show_results(outcome)
    else:
        print(narrator.summary(outcome, output))
    return _final(options, outcome)


def _log_outcome(log: "Log", outcome: "RunOutcome") -> None:
    log.entries(outcome.entries)
    if outcome.fault is not None:
        log.fault(outcome.fault)


def _final(options: argparse.Namespace, outcome: "RunOutcome") -> int:
    code = _exit_code(outcome)
    return int(ExitCode.ALL_REPORTED) if options.returned_ok and code == ExitCode.SOME_RETURNED else code


def _show_results(outcome: "RunOutcome") -> None:
    _show(json.dumps([e.result for e in outcome.entries if e.result], ensure_ascii=False, indent=1))


def _make_input_folder(folder: Path) -> None:
    from perfeval.output.files import make_folder, unwritable

    try:
        make_folder(folder)
    except OSError as error:
        raise unwritable(folder, error) from error


def _count_workbooks(paths: Sequence[Path], most: int) -> int:
    from perfeval.run.inbox import count_workbooks

    return count_workbooks(paths, most)


def _check(options: argparse.Namespace) -> int:
    outcome = perfeval.check(
        options.paths or [DEFAULT_INPUT], jobs=options.jobs, as_of=options.as_of, regulations=options.regulations
    )
    if options.log:
        _log_outcome(options.log, outcome)
    if options.json:
        _show_results(outcome)
    else:
        from perfeval.cli.console import describe

        _show("\n\n".join(describe(entry) for entry in outcome.entries))
    return _exit_code(outcome)


def _exit_code(outcome: "RunOutcome") -> int:
    if outcome.fault is not None:
        return _bug(outcome.fault)
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


def _audit(options: argparse.Namespace) -> int:
    from perfeval.audit.message import message
    from perfeval.audit.run import answer, audit_reports

    outcome = audit_reports(options.reports, options.output)
    if options.json:
        _show(json.dumps(answer(outcome.audits), ensure_ascii=False, indent=1))
        for line in outcome.written:
            _say(line)
        return outcome.exit_code
    readable = [message(a) for a in outcome.audits if not a.error]
    if readable or outcome.written:
        _show("\n\n".join([*readable, *outcome.written]))
    for audit in outcome.audits:
        if audit.error:
            _say(audit.error)
    return outcome.exit_code


def _prefill(options: argparse.Namespace) -> int:
    from perfeval.prefill.prefill import Wanted, as_json, prefill, summary

    if options.export:
        return _export(options)
    wanted = Wanted(options.department, options.year, options.regulation, options.kind)
    outcome = prefill(options.paths, options.output, wanted, options.regulations)
    _show(json.dumps(as_json(outcome), ensure_ascii=False, indent=1) if options.json else summary(outcome))
    return int(ExitCode.ALL_REPORTED)


def _export(options: argparse.Namespace) -> int:
    from perfeval.prefill.export import export

    written, kept = export(options.paths, options.output)
    _show("\n".join([*(f"已写出 {path}" for path in written), *kept]))
    return int(ExitCode.ALL_REPORTED)


def _template(options: argparse.Namespace) -> int:
    from perfeval.output.files import write_files

    if options.report:
        from perfeval.documents.report.write import standard_templates

        contents = standard_templates()
    elif options.roster:
        from perfeval.blank.roster import ROSTER_NAME, roster_workbook

        contents = {ROSTER_NAME: roster_workbook()}
    else:
        from perfeval.blank.examples import blank_templates
        from perfeval.rules.load import load_regulations, regulations_with

        if options.regulation is None:
            contents = blank_templates(load_regulations(options.regulations), None, options.year)
        else:
            chosen, regulations = regulations_with(options.regulation, options.regulations)
            contents = blank_templates(regulations, chosen.id, options.year)
    written, kept = write_files(options.output, contents)
    print("\n".join([*(f"已写出 {path}" for path in written), *kept]))
    return int(ExitCode.ALL_REPORTED)


def _explain(options: argparse.Namespace) -> int:
    from perfeval.findings.explain import explain, list_codes

    if not options.all and not options.code:
        raise UsageError(
            "请写出要查的编号。", "例如 perfeval explain INDICATOR_003；perfeval explain --all 列出全部编号。"
        )
    _show(list_codes() if options.all else explain(options.code))
    return int(ExitCode.ALL_REPORTED)


def _regulation_list(options: argparse.Namespace) -> int:
    from perfeval.rules.load import abstract_sources, load_regulations
    from perfeval.schemes.describe import list_regulations

    _show(list_regulations(load_regulations(options.regulations), abstract_sources(options.regulations)))
    return int(ExitCode.ALL_REPORTED)


def _regulation_show(options: argparse.Namespace) -> int:
    from perfeval.rules.load import named_regulation
    from perfeval.schemes.describe import show_regulation

    _show(show_regulation(named_regulation(options.id, options.regulations)))
    return int(ExitCode.ALL_REPORTED)


def _regulation_lint(options: argparse.Namespace) -> int:
    from perfeval.rules.load import load_folder, load_regulations
    from perfeval.schemes.describe import describe_sound

    load_regulations(options.folder)
    _show(describe_sound(load_folder(options.folder).values()))
    return int(ExitCode.ALL_REPORTED)


def _regulation_new(options: argparse.Namespace) -> int:
    from perfeval.cli.questions import answers
    from perfeval.rules.load import load_regulations
    from perfeval.schemes.new import questions, refuse_taken, write_scheme

    refuse_taken(options.output)
    regulations = load_regulations(options.regulations)
    print(
        write_scheme(options.output, answers(questions(regulations), vars(options)), regulations, options.regulations)
    )
    return int(ExitCode.ALL_REPORTED)


def _regulation_export(options: argparse.Namespace) -> int:
    from perfeval.rules.load import load_regulations, named_regulation
    from perfeval.schemes.workbook.files import export_workbook

    export_workbook(
        named_regulation(options.id, options.regulations), load_regulations(options.regulations), options.output
    )
    print(f"已写出 {options.output}")
    return int(ExitCode.ALL_REPORTED)


def _regulation_import(options: argparse.Namespace) -> int:
    from perfeval.rules.load import load_regulations
    from perfeval.schemes.workbook.files import import_workbook

    print(import_workbook(options.workbook, options.output, load_regulations(options.regulations)))
    return int(ExitCode.ALL_REPORTED)


def _regulation_whatif(options: argparse.Namespace) -> int:
    from perfeval.rules.load import load_regulations, named_regulation
    from perfeval.schemes.whatif import Question, as_json, describe, what_if

    old, new = (named_regulation(name, options.regulations) for name in (options.old, options.new))
    answer = what_if(Question(old, new, load_regulations(options.regulations)), options.paths, options.jobs)
    _show(json.dumps(as_json(answer), ensure_ascii=False, indent=1) if options.json else describe(answer))
    fault = next((e.fault for e in answer.effects if e.fault), None)
    return _bug(fault) if fault else int(ExitCode.SOME_RETURNED if answer.rejected else ExitCode.ALL_REPORTED)


def _regulation_diff(options: argparse.Namespace) -> int:
    from perfeval.rules.load import named_regulation
    from perfeval.schemes.compare import differences

    old, new = (named_regulation(name, options.regulations) for name in (options.old, options.new))
    found = differences(old, new)
    _show("\n".join(found) if found else f"{old.id} 与 {new.id} 没有会影响评分、等级或核对的不同。")
    return int(ExitCode.ALL_REPORTED)


def _pack(options: argparse.Namespace) -> int:
    from perfeval.exchange.archive.pack import Options, pack
    from perfeval.exchange.archive.signature import load_private_key, write_new_key

    if options.new_key:
        private, public = write_new_key(options.new_key)
        print(f"已写出私钥 {private}：只留在打包的电脑上，不要发给别人。\n已写出公钥 {public}：发给要核对签名的人。")
        return int(ExitCode.ALL_REPORTED)
    if options.path is None or options.output is None:
        raise UsageError("打包要写明结果文件夹和归档文件夹。", "例如 perfeval pack output -o 归档。")
    key = load_private_key(options.sign) if options.sign else None
    filed = tuple(options.input or [DEFAULT_INPUT])
    with perfeval.previous_years(options.previous, options.jobs) as (previous, unused):
        settings = Options(filed, options.regulations, tuple(options.template), previous)
        packed = pack(options.path, options.output, settings, options.jobs, key)
    for sentence in unused:
        _say(sentence)
    for one in packed:
        signed = f"\n　　签名 {one.signature}" if one.signature else ""
        print("\n".join([one.refusal or f"已打包 {one.path}\n　　校验值 sha256 {one.sha256}{signed}", *one.kept]))
    if any(p.is_unwritable for p in packed):
        return int(ExitCode.OUTPUT_UNWRITABLE)
    return int(ExitCode.SOME_RETURNED if any(p.refusal for p in packed) else ExitCode.ALL_REPORTED)


def _verify(options: argparse.Namespace) -> int:
    from perfeval.exchange.archive.origin import load_expected
    from perfeval.exchange.archive.verdict_words import describe
    from perfeval.exchange.archive.verify_files import find_packages, order, verify_files

    packages = find_packages(options.packages)
    if not packages:
        raise NothingToReadError(
            f"{'、'.join(f'“{path}”' for path in options.packages)}里没有归档包。",
            "请指到 perfeval pack 写出的 .zip 文件或放它们的文件夹。",
        )
    expected = load_expected(options.sha256, packages)
    is_agreed, faults = True, []
    for path, verdict, fault in verify_files(packages, order(options.template, options.key, expected), options.jobs):
        print(describe(path, verdict), flush=True)
        is_agreed &= verdict.agrees
        faults += [fault] if fault else []
    missing = expected.missing(packages) if any(path.is_dir() for path in options.packages) else ()
    for name in missing:
        print(f"给出的校验值里有“{name}”，却没有找到这个包。")
    if faults:
        return _bug(faults[0])
    _require_listener()
    return int(ExitCode.ALL_REPORTED if is_agreed and not missing else ExitCode.SOME_RETURNED)


def _outbox(options: argparse.Namespace) -> int:
    from perfeval.exchange.mail.outbox import OUTBOX_FOLDER, fill_outbox
    from perfeval.exchange.mail.settings import load_signature
    from perfeval.run.roster import load_roster

    output, roster = options.output, options.roster
    if options.example and not roster.exists() and (output / EXAMPLE_FOLDER).is_dir():
        _say(
            f"还没有名册“{roster}”，先用示例演示一遍：{options.example.name}（空白名册见 input_templates/报送名册_模板.xlsx）"
        )
        output, roster = output / EXAMPLE_FOLDER, options.example
    packed = fill_outbox(output, load_roster(roster), load_signature(options.settings), options.only)
    lines = [f"{name}：{sentence}" for name, sentence in packed.written.items()]
    failed = (*packed.blocked, *packed.unwritten)
    lines += [f"已过时，从发件箱取出：{name}" for name in packed.removed] + [
        f"没有写成邮件：{sentence}" for sentence in failed
    ]
    lines += packed.kept
    lines.append(
        f"待发邮件 {len(packed.written)} 封，在 {output / OUTBOX_FOLDER}；没有写成 {len(failed)} 份。还没有发送。"
    )
    print("\n".join(lines))
    if packed.unwritten:
        return int(ExitCode.OUTPUT_UNWRITABLE)
    return int(ExitCode.SOME_RETURNED if packed.blocked else ExitCode.ALL_REPORTED)


def _send(options: argparse.Namespace) -> int:
    from datetime import datetime

    from perfeval.exchange.mail import send
    from perfeval.exchange.mail.journal import Event
    from perfeval.exchange.mail.settings import load_server

    def now() -> datetime:
        return datetime.now().astimezone()

    done = True
    if options.mark_sent or options.again:
        event = Event.MARKED if options.mark_sent else Event.AGAIN
        messages = iter(send.mark(options.output, options.mark_sent or options.again, event, now))
    elif options.really:
        messages = send.send(options.output, load_server(options.settings, os.environ), now)
    else:
        messages = iter(send.describe_plan(send.plan(options.output)))
    for line in messages:
        print(f"{line.name}：{line.sentence}", flush=True)
        done &= line.done
    if not (options.really or options.mark_sent or options.again):
        _show("这是预演，什么都没有发。核对无误以后，加上 --really 再运行一次才会发送。")
    return int(ExitCode.ALL_REPORTED if done else ExitCode.SOME_RETURNED)


def _review(options: argparse.Namespace) -> int:
    from perfeval.documents.result import finding_json
    from perfeval.exchange.review.review import review
    from perfeval.exchange.review.reviewed import REFUSED
    from perfeval.findings.render import message
    from perfeval.rules.load import load_regulations

    outcome = review(
        options.folder, options.output, load_regulations(options.regulations), options.jobs, tuple(options.input)
    )
    for one in outcome.reviewed:
        print(
            "\n".join(
                [f"{one.file or one.department}：{one.status}", *(message(finding_json(f)) for f in one.findings)]
            )
        )
    print(
        "\n".join(
            [*(f"已写出 {path}" for path in outcome.written), *outcome.unmarked, *outcome.unwritten, *outcome.kept]
        )
    )
    if outcome.unwritten:
        return int(ExitCode.OUTPUT_UNWRITABLE)
    is_refused = outcome.unmarked or any(r.status == REFUSED for r in outcome.reviewed)
    return int(ExitCode.SOME_RETURNED if is_refused else ExitCode.ALL_REPORTED)


def _sample(options: argparse.Namespace) -> int:
    from perfeval.exchange.review.sample import draw, share_of
    from perfeval.output.sets import sets_in

    sampled = draw(sets_in(options.output), share_of(options.share), options.seed)
    drawn = [one for one in sampled if one.is_drawn]
    _show(f"{len(sampled)} 份中抽取 {len(drawn)} 份复核（比例 {options.share}，种子 {options.seed}）：")
    _show("\n".join(_sampled(one) for one in drawn))
    if len(sampled) > len(drawn):
        _show("没有抽取：")
        _show("\n".join(_sampled(one) for one in sampled if not one.is_drawn))
    return int(ExitCode.ALL_REPORTED)


def _sampled(one: "Sampled") -> str:
    """甲局 2025年度：错误 2 条（风险排第 1）"""
    rank = f"（风险排第 {one.rank}）" if one.rank else ""
    return f"{one.one.department} {one.one.year}年度：{one.reasons}{rank}"


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "report": _report,
    "check": _check,
    "watch": _watch,
    "page": _page,
    "audit": _audit,
    "prefill": _prefill,
    "template": _template,
    "explain": _explain,
    "regulation list": _regulation_list,
    "regulation show": _regulation_show,
    "regulation lint": _regulation_lint,
    "regulation diff": _regulation_diff,
    "regulation whatif": _regulation_whatif,
    "regulation new": _regulation_new,
    "regulation export": _regulation_export,
    "regulation import": _regulation_import,
    "pack": _pack,
    "verify": _verify,
    "outbox": _outbox,
    "send": _send,
    "review": _review,
    "sample": _sample,
}
