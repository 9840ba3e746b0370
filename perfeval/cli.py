"""Arguments → call → exit code. No domain logic; whatever is heavy is imported inside the command that needs it."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from perfeval import __version__
from perfeval.chinese_parser import ChineseParser, day, positive
from perfeval.errors import ExitCode, NothingToReadError, PerfevalError, UsageError

DEFAULT_INPUT, DEFAULT_OUTPUT, EXAMPLE_FOLDER = Path("input"), Path("output"), "示例"
MAIL_SETTINGS = Path("寄信设置.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code. No traceback reaches an official (PERFEVAL_DEBUG=1 shows it to a maintainer)."""
    _speak_utf8()
    try:
        options = _parser().parse_args(arguments)
        return int(options.command(options))
    except PerfevalError as error:
        _say(str(error))
        return int(error.exit_code)
    except SystemExit as done:  # argparse after --help or --version
        return int(done.code or 0)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # pressed again while we are leaving, it changes nothing
        _say("已中断。已经完成的结果是完整的；再运行一次会接着做完。")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:  # the reader of our output went away, as with | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.ALL_REPORTED)
    except Exception as error:
        return _bug(error)


def _bug(error: BaseException) -> int:
    if os.environ.get("PERFEVAL_DEBUG") == "1":
        raise error
    _say(f"程序内部错误（{type(error).__name__}）。您的文件没有被改动。请把这句话和当时的工作簿发给维护人员。")
    return int(ExitCode.BUG)


def _speak_utf8() -> None:
    """Chinese on every console, on Windows too."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = ChineseParser(prog="perfeval", description="绩效自评：读取填报工作簿，逐格核对，按指标体系评分，生成评分表和自评报告。")
    parser.add_argument("--version", action="version", version=f"perfeval {__version__}", help="显示版本")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)
    _add_report(commands)
    _add_check(commands)
    _add_audit(commands)
    _add_template(commands)
    _add_explain(commands)
    _add_regulation(commands)
    _add_exchange(commands)
    _add_mail(commands)
    return parser


Commands = Any  # argparse's own type for it has no public name


def _command(commands: Commands, name: str, summary: str, run: Callable[[argparse.Namespace], int]) -> ChineseParser:
    parser: ChineseParser = commands.add_parser(name, help=summary, description=summary)
    parser.set_defaults(command=run)
    return parser


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="工作簿或文件夹", help=f"可以写多个；不写时读取 {DEFAULT_INPUT} 文件夹")
    parser.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="同时处理的工作簿数，默认为处理器核数")
    parser.add_argument("--as-of", type=day, metavar="日期", help="报告日期，如 2026-01-15；不写时用填报日期，再没有则用今天")
    parser.add_argument("--regulations", type=Path, metavar="文件夹", help="本地的指标体系文件夹，与内置的一起使用")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")


def _add_report(commands: Commands) -> None:
    parser = _command(commands, "report", "读取工作簿，生成评分表、自评报告或退回修改清单", _report)
    _add_inputs(parser)
    parser.add_argument("-o", "--output", type=Path, default=DEFAULT_OUTPUT, metavar="文件夹", help=f"结果放在哪里，默认 {DEFAULT_OUTPUT}")
    parser.add_argument("--roster", type=Path, metavar="名册", help="应报送部门名册（.xlsx，一列“部门”）")
    parser.add_argument("--template", type=Path, action="append", default=[], metavar="文件", help="自己的 Word 模板，可写多次")
    parser.add_argument("--annotated", action="store_true", help="另出一份注明每个数字来源的报告")
    parser.add_argument("--example", type=Path, metavar="工作簿", help="没有工作簿可读时，改为处理这个示例")
    parser.add_argument("--returned-ok", action="store_true", help="有退回或无法读取的工作簿时也以 0 结束（make report 用）")
    parser.add_argument("--force", action="store_true", help="没有变化的工作簿也重新做一遍")
    parser.add_argument("--cluster", metavar="地址", help="交给多台机器的 Dask 调度器，如 tcp://10.0.0.1:8786")
    parser.add_argument(
        "--previous", type=Path, metavar="文件夹", help="上一年度的填报工作簿或归档包，用来核对结转、压减基数、文字和改进建议"
    )
    parser.add_argument("--quiet", action="store_true", help="只说结果，不显示进度")


def _add_check(commands: Commands) -> None:
    parser = _command(commands, "check", "只核对，不写任何文件", _check)
    _add_inputs(parser)


def _add_audit(commands: Commands) -> None:
    parser = _command(commands, "audit", "重新核算一份写好的报告，列出其中自相矛盾之处", _audit)
    parser.add_argument("report", type=Path, metavar="报告", help=".docx 或 .txt 文件，本程序或别人写的都可以")


def _add_template(commands: Commands) -> None:
    parser = _command(commands, "template", "写出空白的填报工作簿或 Word 模板", _template)
    parser.add_argument("-o", "--output", type=Path, default=Path(), metavar="文件夹", help="放在哪里，默认当前文件夹")
    parser.add_argument("--roster", action="store_true", help="写出空白的报送名册（部门、收件人、抄送、截止日期）")
    parser.add_argument("--regulation", metavar="编号", help="按哪个指标体系预填（perfeval regulation list 列出）")
    parser.add_argument("--year", type=positive, metavar="年度", help="预填评价年度")
    parser.add_argument("--report", action="store_true", help="写出两个 Word 模板，可在 Word 中修改后用 --template 使用")
    parser.add_argument("--regulations", type=Path, metavar="文件夹", help="本地的指标体系文件夹")


def _add_explain(commands: Commands) -> None:
    parser = _command(commands, "explain", "说明一个问题编号：是什么、为什么问、怎么改", _explain)
    parser.add_argument("code", nargs="?", metavar="编号", help="如 INDICATOR_003")
    parser.add_argument("--all", action="store_true", help="列出全部编号")


def _add_regulation(commands: Commands) -> None:
    parser = commands.add_parser("regulation", help="查看指标体系", description="查看指标体系")
    actions = parser.add_subparsers(title="命令", metavar="命令", required=True)
    listing = _command(actions, "list", "列出可用的指标体系", _regulation_list)
    showing = _command(actions, "show", "显示一个指标体系：分值、方法、条款、核定状态", _regulation_show)
    showing.add_argument("id", metavar="编号")
    linting = _command(actions, "lint", "核对自己的指标体系文件夹：逐处说明问题", _regulation_lint)
    linting.add_argument("folder", type=Path, metavar="文件夹")
    differing = _command(actions, "diff", "比较两个指标体系：哪些规则不同", _regulation_diff)
    differing.add_argument("old", metavar="原来的", help="编号或文件夹")
    differing.add_argument("new", metavar="新的", help="编号或文件夹")
    asking = _command(actions, "whatif", "新的指标体系发布之前：谁的总分或等级会变，因为哪一项", _regulation_whatif)
    asking.add_argument("old", metavar="原来的", help="编号或文件夹")
    asking.add_argument("new", metavar="新的", help="编号或文件夹")
    asking.add_argument("paths", nargs="+", type=Path, metavar="工作簿或文件夹", help="可以写多个")
    asking.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="同时处理的工作簿数，默认为处理器核数")
    asking.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    exporting = _command(actions, "export", "把一个指标体系写成可以在 Excel 或 WPS 里修改的工作簿", _regulation_export)
    exporting.add_argument("id", metavar="编号", help="编号或文件夹")
    exporting.add_argument("-o", "--output", type=Path, required=True, metavar="文件", help="如 指标体系.xlsx")
    importing = _command(actions, "import", "把改好的工作簿变成指标体系文件夹", _regulation_import)
    importing.add_argument("workbook", type=Path, metavar="工作簿")
    importing.add_argument("-o", "--output", type=Path, required=True, metavar="文件夹", help="指标体系放在哪里")
    for sub in (listing, showing, differing, asking, exporting, importing):
        sub.add_argument("--regulations", type=Path, metavar="文件夹", help="本地的指标体系文件夹")


def _add_exchange(commands: Commands) -> None:
    packing = _command(commands, "pack", "把结果连同填报工作簿、指标体系打成可以自证的归档包", _pack)
    packing.add_argument("path", type=Path, metavar="结果文件夹", help="output，或其中一个部门的文件夹")
    packing.add_argument("-o", "--output", type=Path, required=True, metavar="文件夹", help="归档包放在哪里")
    packing.add_argument(
        "--input", type=Path, action="append", metavar="文件夹", help=f"原来的填报工作簿在哪里，默认 {DEFAULT_INPUT}，可写多次"
    )
    packing.add_argument(
        "--template", type=Path, action="append", default=[], metavar="文件", help="出结果时用的自己的 Word 模板，可写多次"
    )
    packing.add_argument("--regulations", type=Path, metavar="文件夹", help="出结果时用的本地指标体系文件夹")
    packing.add_argument("--previous", type=Path, metavar="文件夹", help="出结果时用的上一年度文件夹")
    packing.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="同时读取的工作簿数")
    verifying = _command(commands, "verify", "不联网重新核算归档包：一致，或者逐份说出哪里不同", _verify)
    verifying.add_argument("packages", nargs="+", type=Path, metavar="归档包", help="pack 写出的 .zip，或放它们的文件夹，可写多个")


def _add_mail(commands: Commands) -> None:
    packing = _command(commands, "outbox", "把每份结果写成一封待发的邮件，放在结果文件夹的“发件箱”里；不发送", _outbox)
    packing.add_argument("output", nargs="?", type=Path, default=DEFAULT_OUTPUT, metavar="结果文件夹", help=f"默认 {DEFAULT_OUTPUT}")
    packing.add_argument("--roster", type=Path, required=True, metavar="名册", help="报送名册（部门、收件人、抄送、截止日期）")
    packing.add_argument("--example", type=Path, metavar="名册", help="还没有名册、只有示例结果时，用这份示例名册演示")
    sending = _command(commands, "send", "发送“发件箱”里的邮件；不写 --really 时只列出将要发什么，不连接服务器", _send)
    sending.add_argument("output", nargs="?", type=Path, default=DEFAULT_OUTPUT, metavar="结果文件夹", help=f"默认 {DEFAULT_OUTPUT}")
    sending.add_argument("--settings", type=Path, default=MAIL_SETTINGS, metavar="文件", help=f"寄信设置，默认 {MAIL_SETTINGS}")
    wanted = sending.add_mutually_exclusive_group()
    wanted.add_argument("--dry-run", action="store_true", help="只列出将要发什么（不写时就是这样）")
    wanted.add_argument("--really", action="store_true", help="真的发送")
    wanted.add_argument("--mark-sent", nargs="+", default=[], metavar="邮件", help="已核对对方收到，或已手工发出：记为发出，不再发")
    wanted.add_argument("--again", nargs="+", default=[], metavar="邮件", help="已核对对方没有收到：下次发送时再发一次")
    reviewing = _command(commands, "review", "读回复核过的评分表，写出复核意见表和复核汇总", _review)
    reviewing.add_argument("folder", type=Path, metavar="复核文件夹", help="放着填好复核得分、复核意见的评分表")
    reviewing.add_argument(
        "-o", "--output", type=Path, default=DEFAULT_OUTPUT, metavar="文件夹", help=f"出结果的文件夹，默认 {DEFAULT_OUTPUT}"
    )
    reviewing.add_argument(
        "--input",
        type=Path,
        action="append",
        default=[],
        metavar="文件夹",
        help="原来的填报工作簿在哪里，可写多次；写了就另出标好复核意见的工作簿（复核退回.xlsx），退给部门改",
    )
    reviewing.add_argument("--regulations", type=Path, metavar="文件夹", help="本地的指标体系文件夹")
    reviewing.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="同时读取的工作簿数")
    sampling = _command(commands, "sample", "按风险抽取要复核的部门，写明每家的理由；同样的种子总抽出同样的部门", _sample)
    sampling.add_argument("output", type=Path, metavar="结果文件夹", help="出结果的文件夹，如 output")
    sampling.add_argument("--share", default="20%", metavar="比例", help="抽多少，如 20%%")
    sampling.add_argument("--seed", type=int, required=True, metavar="N", help="随机种子：任取一个整数，记下来可以重现")


def _report(options: argparse.Namespace) -> int:
    from perfeval.batch import Order, run_report
    from perfeval.narration import Narrator
    from perfeval.roster import load_roster

    paths, output = options.paths or [DEFAULT_INPUT], options.output
    if options.cluster:  # the same places on every machine, whatever folder its worker was started in
        paths, output = [path.absolute() for path in paths], output.absolute()
    if options.example and not _has_workbooks(paths):
        _say(f"{'、'.join(str(p) for p in paths)} 文件夹里还没有工作簿，先用示例演示一遍：{options.example.name}")
        for folder in paths:
            folder.mkdir(parents=True, exist_ok=True)
        paths, output = [options.example], output / EXAMPLE_FOLDER
    roster = load_roster(options.roster) if options.roster else None
    order = Order(options.jobs, _cluster(options.cluster), options.force, roster)
    narrator = Narrator(quiet=options.quiet)
    with _previous_years(options) as previous, narrator:
        settings = replace(_settings(options, tuple(options.template), options.annotated), previous=previous)
        outcome = run_report(paths, output, settings, order, narrator.progress)
        if previous:
            _follow_up(paths, output, previous, options.jobs)
    if options.json:
        print(json.dumps([e.result for e in outcome.entries if e.result], ensure_ascii=False, indent=1))
    else:
        print(narrator.summary(outcome, output))
    code = _exit_code(outcome)
    return int(ExitCode.ALL_REPORTED) if options.returned_ok and code == ExitCode.SOME_RETURNED else code


def _cluster(address: str | None):  # type: ignore[no-untyped-def]
    if address is None:
        return None
    from perfeval.cluster import cluster_workers

    return partial(cluster_workers, address)


def _previous_years(options: argparse.Namespace):  # type: ignore[no-untyped-def]
    """Last year's workbooks for the time of a run; none where no folder was given."""
    if options.previous is None:
        return nullcontext(())
    from perfeval.exchange.previous import previous_years

    return previous_years(options.previous, options.jobs)


def _follow_up(paths: Sequence[Path], output: Path, previous, jobs: int) -> None:  # type: ignore[no-untyped-def]
    from perfeval.exchange.previous import write_follow_up
    from perfeval.inbox import find

    filed = [(c.path, c.file) for c in find(paths, skip=output) if not c.ignored]
    path, alone = write_follow_up(output, filed, previous, jobs)
    _say(f"上年改进建议的落实情况见 {path}。")
    if alone:
        _say(
            f"有 {len(alone)} 个部门没有找到上一年度的填报，没有与去年核对：{'、'.join(alone)}。部门改过名称的，请把去年那份里的部门名称改成一样。"
        )


def _has_workbooks(paths: Sequence[Path]) -> bool:
    from perfeval.inbox import find

    return any(not c.ignored for path in paths if path.exists() for c in find([path]))


def _check(options: argparse.Namespace) -> int:
    from perfeval.batch import run_check
    from perfeval.narration import told

    outcome = run_check(options.paths or [DEFAULT_INPUT], _settings(options), options.jobs)
    if options.json:
        print(json.dumps([e.result for e in outcome.entries if e.result], ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(told(entry) for entry in outcome.entries))
    return _exit_code(outcome)


def _settings(options: argparse.Namespace, templates: tuple[Path, ...] = (), annotated: bool = False):  # type: ignore[no-untyped-def]
    from perfeval.pipeline import Settings

    local = options.regulations.absolute() if options.regulations else None
    return Settings(date.today(), options.as_of, local, tuple(path.absolute() for path in templates), annotated)


def _exit_code(outcome) -> int:  # type: ignore[no-untyped-def]
    if outcome.fault is not None:
        return _bug(outcome.fault)
    if outcome.locked:
        return int(ExitCode.OUTPUT_UNWRITABLE)
    return int(ExitCode.SOME_RETURNED if outcome.count("returned") + outcome.count("rejected") else ExitCode.ALL_REPORTED)


def _audit(options: argparse.Namespace) -> int:
    from perfeval.audit.audit import examine
    from perfeval.audit.tell import tell

    found = examine(options.report)
    print(tell(found))
    return int(ExitCode.SOME_RETURNED if found.contradictions else ExitCode.ALL_REPORTED)


def _template(options: argparse.Namespace) -> int:
    if options.report:
        from perfeval.documents.report_template import write_copies

        written = write_copies(options.output)
    elif options.roster:
        from perfeval.examples.roster_template import write_roster_template

        written = write_roster_template(options.output)
    else:
        from perfeval.examples.build import write_blank_templates
        from perfeval.rules.load import load_regulations

        written = write_blank_templates(options.output, load_regulations(options.regulations), options.regulation, options.year)
    print("\n".join(f"已写出 {path}" for path in written))
    return int(ExitCode.ALL_REPORTED)


def _explain(options: argparse.Namespace) -> int:
    from perfeval.findings.explain import explain, list_codes

    if not options.all and not options.code:
        raise UsageError("请写出要查的编号。", "例如 perfeval explain INDICATOR_003；perfeval explain --all 列出全部编号。")
    print(list_codes() if options.all else explain(options.code))
    return int(ExitCode.ALL_REPORTED)


def _regulation_list(options: argparse.Namespace) -> int:
    from perfeval.rules.describe import list_regulations
    from perfeval.rules.load import load_regulations

    print(list_regulations(load_regulations(options.regulations)))
    return int(ExitCode.ALL_REPORTED)


def _regulation_show(options: argparse.Namespace) -> int:
    from perfeval.rules.describe import show_regulation
    from perfeval.rules.load import load_regulations

    regulations = load_regulations(options.regulations)
    if options.id not in regulations:
        raise UsageError(f"没有编号为“{options.id}”的指标体系。", f"可用的有：{'、'.join(regulations)}。")
    print(show_regulation(regulations[options.id]))
    return int(ExitCode.ALL_REPORTED)


def _regulation_lint(options: argparse.Namespace) -> int:
    from perfeval.rules.describe import describe_sound
    from perfeval.rules.load import load_folder, load_regulations

    load_regulations(options.folder)
    print(describe_sound(load_folder(options.folder).values()))
    return int(ExitCode.ALL_REPORTED)


def _regulation_export(options: argparse.Namespace) -> int:
    from perfeval.regulation_workbook.files import export_workbook
    from perfeval.rules.load import load_regulations, named_regulation

    export_workbook(named_regulation(options.id, options.regulations), load_regulations(options.regulations), options.output)
    print(f"已写出 {options.output}")
    return int(ExitCode.ALL_REPORTED)


def _regulation_import(options: argparse.Namespace) -> int:
    from perfeval.regulation_workbook.files import import_workbook
    from perfeval.rules.load import load_regulations

    print(import_workbook(options.workbook, options.output, load_regulations(options.regulations)))
    return int(ExitCode.ALL_REPORTED)


def _regulation_whatif(options: argparse.Namespace) -> int:
    from perfeval.rules.load import load_regulations, named_regulation
    from perfeval.whatif import Question, as_json, told, what_if

    old, new = (named_regulation(name, options.regulations) for name in (options.old, options.new))
    answer = what_if(Question(old, new, load_regulations(options.regulations)), options.paths, options.jobs)
    print(json.dumps(as_json(answer), ensure_ascii=False, indent=1) if options.json else told(answer))
    fault = next((e.fault for e in answer.effects if e.fault), None)
    return _bug(fault) if fault else int(ExitCode.SOME_RETURNED if answer.rejected else ExitCode.ALL_REPORTED)


def _regulation_diff(options: argparse.Namespace) -> int:
    from perfeval.rules.compare import differences
    from perfeval.rules.load import named_regulation

    old, new = (named_regulation(name, options.regulations) for name in (options.old, options.new))
    found = differences(old, new)
    print("\n".join(found) if found else f"{old.id} 与 {new.id} 没有会影响评分、等级或核对的不同。")
    return int(ExitCode.ALL_REPORTED)


def _pack(options: argparse.Namespace) -> int:
    from perfeval.exchange.pack import Options, pack

    filed = tuple(options.input or [DEFAULT_INPUT])
    with _previous_years(options) as previous:
        packed = pack(options.path, options.output, Options(filed, options.regulations, tuple(options.template), previous))
    print("\n".join(p.refusal or f"已打包 {p.path}\n　　校验值 sha256 {p.sha256}" for p in packed))
    return int(ExitCode.SOME_RETURNED if any(p.refusal for p in packed) else ExitCode.ALL_REPORTED)


def _verify(options: argparse.Namespace) -> int:
    from perfeval.exchange.verify import verify_file

    packages = [zipped for path in options.packages for zipped in (sorted(path.rglob("*.zip")) if path.is_dir() else [path])]
    if not packages:
        raise NothingToReadError(
            f"{'、'.join(f'“{path}”' for path in options.packages)}里没有归档包。",
            "请指到 perfeval pack 写出的 .zip 文件或放它们的文件夹。",
        )
    verdicts = [verify_file(path) for path in packages]
    for path, verdict in zip(packages, verdicts, strict=True):
        told = "一致：各份内容都没有改动，重新核算的结果相同。" if verdict.agrees else f"不一致，有 {len(verdict.differences)} 处："
        print("\n".join([f"{path}\n{told}", *(f"　　{d}" for d in verdict.differences), f"　　校验值 sha256 {verdict.sha256}"]))
    return int(ExitCode.ALL_REPORTED if all(v.agrees for v in verdicts) else ExitCode.SOME_RETURNED)


def _outbox(options: argparse.Namespace) -> int:
    from perfeval.exchange.outbox import OUTBOX_FOLDER, fill_outbox
    from perfeval.roster import load_roster

    output, roster = options.output, options.roster
    if options.example and not roster.exists() and (output / EXAMPLE_FOLDER).is_dir():
        _say(f"还没有名册“{roster}”，先用示例演示一遍：{options.example.name}（空白名册见 input_templates/报送名册_模板.xlsx）")
        output, roster = output / EXAMPLE_FOLDER, options.example
    packed = fill_outbox(output, load_roster(roster))
    lines = [f"{name}：{told}" for name, told in packed.written.items()]
    lines += [f"已过时，从发件箱取出：{name}" for name in packed.removed] + [f"没有写成邮件：{told}" for told in packed.blocked]
    lines.append(f"待发邮件 {len(packed.written)} 封，在 {output / OUTBOX_FOLDER}；没有写成 {len(packed.blocked)} 份。还没有发送。")
    print("\n".join(lines))
    return int(ExitCode.SOME_RETURNED if packed.blocked else ExitCode.ALL_REPORTED)


def _send(options: argparse.Namespace) -> int:
    from datetime import datetime

    from perfeval.exchange import send
    from perfeval.exchange.send_journal import Event
    from perfeval.exchange.send_settings import load_server

    def now() -> datetime:
        return datetime.now().astimezone()

    settled = True
    if options.mark_sent or options.again:
        event = Event.MARKED if options.mark_sent else Event.AGAIN
        told = iter(send.settle(options.output, options.mark_sent or options.again, event, now))
    elif options.really:
        told = send.send(options.output, load_server(options.settings, os.environ), now)
    else:
        told = iter(send.told_plan(send.plan(options.output)))
    for line in told:
        print(f"{line.name}：{line.sentence}", flush=True)
        settled &= line.settled
    if not (options.really or options.mark_sent or options.again):
        print("这是预演，什么都没有发。核对无误以后，加上 --really 再运行一次才会发送。")
    return int(ExitCode.ALL_REPORTED if settled else ExitCode.SOME_RETURNED)


def _review(options: argparse.Namespace) -> int:
    from perfeval.documents.result import finding_json
    from perfeval.exchange.review import review
    from perfeval.exchange.reviewed import REFUSED
    from perfeval.findings.render import tell
    from perfeval.rules.load import load_regulations

    outcome = review(options.folder, options.output, load_regulations(options.regulations), options.jobs, tuple(options.input))
    for one in outcome.reviewed:
        print("\n".join([f"{one.file or one.department}：{one.status}", *(tell(finding_json(f)) for f in one.findings)]))
    print("\n".join([*(f"已写出 {path}" for path in outcome.written), *outcome.unmarked]))
    is_refused = outcome.unmarked or any(r.status == REFUSED for r in outcome.reviewed)
    return int(ExitCode.SOME_RETURNED if is_refused else ExitCode.ALL_REPORTED)


def _sample(options: argparse.Namespace) -> int:
    from perfeval.exchange.sample import draw, share_of
    from perfeval.exchange.sets import sets_in

    sets = sets_in(options.output)
    drawn = draw(sets, share_of(options.share), options.seed)
    print(f"{len(sets)} 份中抽取 {len(drawn)} 份复核（比例 {options.share}，种子 {options.seed}）：")
    print("\n".join(f"{d.chosen.department} {d.chosen.year}年度：{d.reasons}（风险排第 {d.rank}）" for d in drawn))
    return int(ExitCode.ALL_REPORTED)
