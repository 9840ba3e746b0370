"""Commands after a run: archive packages, mail, review."""

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import perfeval
from perfeval.cli.arguments import DEFAULT_INPUT, EXAMPLE_FOLDER
from perfeval.cli.faults import fault_code
from perfeval.cli.say import require_listener, say, show
from perfeval.errors import ExitCode, NothingToReadError, UsageError

if TYPE_CHECKING:
    from perfeval.exchange.archive.pack import Packed
    from perfeval.exchange.mail.send import Message
    from perfeval.exchange.review.sample import Sampled


def _code(is_unwritten: object, is_refused: object) -> int:
    """Of work on many sets: what the disk refused counts before what we did."""
    if is_unwritten:
        return int(ExitCode.OUTPUT_UNWRITABLE)
    return int(ExitCode.SOME_RETURNED if is_refused else ExitCode.ALL_REPORTED)


def _pack(options: argparse.Namespace) -> int:
    from perfeval.exchange.archive.pack import Options, pack
    from perfeval.exchange.archive.signature import load_private_key

    if options.new_key:
        return _new_key(options.new_key)
    if options.path is None or options.output is None:
        raise UsageError("打包要写明结果文件夹和归档文件夹。", "例如 perfeval pack output -o 归档。")
    key = load_private_key(options.sign) if options.sign else None
    filed = tuple(options.input or [DEFAULT_INPUT])
    with perfeval.previous_years(options.previous, options.jobs) as (previous, unused):
        settings = Options(filed, options.regulations, tuple(options.template), previous)
        packed = pack(options.path, options.output, settings, options.jobs, key)
    for sentence in unused:
        say(sentence)
    for one in packed:
        print(_packed(one))
    return _code(any(p.is_unwritable for p in packed), any(p.refusal for p in packed))


def _new_key(path: Path) -> int:
    from perfeval.exchange.archive.signature import write_new_key

    private, public = write_new_key(path)
    print(f"已写出私钥 {private}：只留在打包的电脑上，不要发给别人。\n已写出公钥 {public}：发给要核对签名的人。")
    return int(ExitCode.ALL_REPORTED)


def _packed(one: "Packed") -> str:
    signed = f"\n　　签名 {one.signature}" if one.signature else ""
    return "\n".join([one.refusal or f"已打包 {one.path}\n　　校验值 sha256 {one.sha256}{signed}", *one.kept])


def _verify(options: argparse.Namespace) -> int:
    from perfeval.exchange.archive.origin import load_expected
    from perfeval.exchange.archive.verdict_words import describe
    from perfeval.exchange.archive.verify_files import order, verify_files

    packages = _packages(options.packages)
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
        return fault_code(faults[0])
    require_listener()
    return int(ExitCode.ALL_REPORTED if is_agreed and not missing else ExitCode.SOME_RETURNED)


def _packages(places: Sequence[Path]) -> tuple[Path, ...]:
    from perfeval.exchange.archive.verify_files import find_packages

    if packages := find_packages(places):
        return packages
    raise NothingToReadError(
        f"{'、'.join(f'“{path}”' for path in places)}里没有归档包。",
        "请指到 perfeval pack 写出的 .zip 文件或放它们的文件夹。",
    )


def _outbox(options: argparse.Namespace) -> int:
    from perfeval.exchange.mail.outbox import OUTBOX_FOLDER, fill_outbox
    from perfeval.exchange.mail.settings import load_signature
    from perfeval.run.roster import load_roster

    output, roster = _mailed(options)
    packed = fill_outbox(output, load_roster(roster), load_signature(options.settings), options.only)
    failed = (*packed.blocked, *packed.unwritten)
    lines = [
        *(f"{name}：{sentence}" for name, sentence in packed.written.items()),
        *(f"已过时，从发件箱取出：{name}" for name in packed.removed),
        *(f"没有写成邮件：{sentence}" for sentence in failed),
        *packed.kept,
        f"待发邮件 {len(packed.written)} 封，在 {output / OUTBOX_FOLDER}；没有写成 {len(failed)} 份。还没有发送。",
    ]
    print("\n".join(lines))
    return _code(packed.unwritten, packed.blocked)


def _mailed(options: argparse.Namespace) -> tuple[Path, Path]:
    """The folder of results and the roster; those of the example where there is no roster yet."""
    output, roster = options.output, options.roster
    if not options.example or roster.exists() or not (output / EXAMPLE_FOLDER).is_dir():
        return output, roster
    blank = "空白名册见 input_templates/报送名册_模板.xlsx"
    say(f"还没有名册“{roster}”，先用示例演示一遍：{options.example.name}（{blank}）")
    return output / EXAMPLE_FOLDER, options.example


def _send(options: argparse.Namespace) -> int:
    done = True
    for line in _sent(options):
        print(f"{line.name}：{line.sentence}", flush=True)
        done &= line.done
    if not (options.really or options.mark_sent or options.again):
        show("这是预演，什么都没有发。核对无误以后，加上 --really 再运行一次才会发送。")
    return int(ExitCode.ALL_REPORTED if done else ExitCode.SOME_RETURNED)


def _sent(options: argparse.Namespace) -> "Iterator[Message]":
    from datetime import datetime

    from perfeval.exchange.mail import send
    from perfeval.exchange.mail.journal import Event
    from perfeval.exchange.mail.settings import load_server

    def now() -> datetime:
        return datetime.now().astimezone()

    if options.mark_sent or options.again:
        event = Event.MARKED if options.mark_sent else Event.AGAIN
        return iter(send.mark(options.output, options.mark_sent or options.again, event, now))
    if options.really:
        return send.send(options.output, load_server(options.settings, os.environ), now)
    return iter(send.describe_plan(send.plan(options.output)))


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
        said = (message(finding_json(f)) for f in one.findings)
        print("\n".join([f"{one.file or one.department}：{one.status}", *said]))
    written = (f"已写出 {path}" for path in outcome.written)
    print("\n".join([*written, *outcome.unmarked, *outcome.unwritten, *outcome.kept]))
    is_refused = any(one.status == REFUSED for one in outcome.reviewed)
    return _code(outcome.unwritten, outcome.unmarked or is_refused)


def _sample(options: argparse.Namespace) -> int:
    from perfeval.exchange.review.sample import draw, share_of
    from perfeval.output.sets import sets_in

    sampled = draw(sets_in(options.output), share_of(options.share), options.seed)
    drawn = [one for one in sampled if one.is_drawn]
    show(f"{len(sampled)} 份中抽取 {len(drawn)} 份复核（比例 {options.share}，种子 {options.seed}）：")
    show("\n".join(_sampled(one) for one in drawn))
    if len(sampled) > len(drawn):
        show("没有抽取：")
        show("\n".join(_sampled(one) for one in sampled if not one.is_drawn))
    return int(ExitCode.ALL_REPORTED)


def _sampled(one: "Sampled") -> str:
    """甲局 2025年度：错误 2 条（风险排第 1）"""
    rank = f"（风险排第 {one.rank}）" if one.rank else ""
    return f"{one.one.department} {one.one.year}年度：{one.reasons}{rank}"


COMMANDS = {
    "pack": _pack,
    "verify": _verify,
    "outbox": _outbox,
    "send": _send,
    "review": _review,
    "sample": _sample,
}
