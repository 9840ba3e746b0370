"""Packages on disk, each verified in a worker with limits of time and memory: nothing of a package is taken apart in
the coordinator."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from perfeval.errors import PerfevalError, UsageError
from perfeval.exchange.archive.compare import Difference
from perfeval.exchange.archive.origin import BadList, Expected, read_list, sha256_path
from perfeval.exchange.archive.parcel import DamagedArchive, read_regular
from perfeval.exchange.archive.recompute import recompute
from perfeval.exchange.archive.signature import WrongSignature, check_signature, load_public_key
from perfeval.exchange.archive.verify import Verdict, verify
from perfeval.output import files
from perfeval.run.workers import TIMED_OUT, Done, run_all

BESIDE = (".sha256", ".sig")
LOOK_INSIDE = "没有打开。要看里面哪里不同，去掉 {} 再核对一次。"


@dataclass(frozen=True, slots=True)
class Order:
    """What the operator asked for: Word templates by sha256, a public key (raw, empty for none), the checksums that
    were kept."""

    templates: frozenset[str]
    key: bytes
    expected: Expected


def find_packages(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The packages named, and every .zip of the folders named; what `pack` writes beside them (named too by 归档/*) is
    none. Raises UsageError for a path that is not there,
    OSError for a folder that cannot be opened."""
    for path in paths:
        if not files.is_there(path):
            raise UsageError(f"找不到归档包“{path}”。", "请检查文件的名称和位置。")
    named = [path for path in paths if path.suffix not in BESIDE]
    return tuple(found for path in named for found in (_zips(path) if path.is_dir() else [path]))


def _zips(folder: Path) -> list[Path]:
    return sorted(path for path in files.all_in(folder) if path.suffix.lower() == ".zip")


def order(templates: Sequence[Path], key: Path | None, expected: Expected) -> Order:
    """Reads what the operator gave. Raises UsageError."""
    try:
        digests = frozenset(hashlib.sha256(read_regular(path, is_link_followed=True)).hexdigest() for path in templates)
    except DamagedArchive as damage:
        raise UsageError(f"--template 给出的 Word 模板读不了：{damage}", "请检查模板文件的名称和位置。") from None
    return Order(digests, load_public_key(key) if key else b"", expected)


def verify_files(
    packages: Sequence[Path], asked: Order, jobs: int
) -> Iterator[tuple[Path, Verdict, BaseException | None]]:
    """Each package with its verdict, in order, as soon as it is there; the exception is a fault of the program."""
    with files.temporary_folder() as work:  # ours: a worker that is ended leaves nothing behind
        for done in run_all(partial(_verify_one, asked, work), packages, min(jobs, len(packages))):
            fault = None if isinstance(done.fault, PerfevalError) else done.fault
            yield done.task, done.result or Verdict("", unfinished=_unfinished(done)), fault


def _unfinished(done: Done[Path, Verdict]) -> str:
    if isinstance(done.fault, PerfevalError):  # no room for what is written on the way
        return " ".join(str(done.fault).split())
    if done.fault is not None:
        return f"程序内部错误（{type(done.fault).__name__}）。"
    return "超过了时间限制。" if done.code == TIMED_OUT else "内存不够，或者工作进程被中止。请关闭其他程序再核对一次。"


def _verify_one(asked: Order, work: Path, package: Path) -> Verdict:
    try:
        content = read_regular(package)
    except DamagedArchive as damage:
        return Verdict("", (Difference("", str(damage)),))
    digest = hashlib.sha256(content).hexdigest()
    origin: list[str] = []
    expected = asked.expected.of(package)
    if expected is not None:
        if expected != digest:
            return Verdict(digest, (Difference("", _other_package(expected)),))
        origin.append("与给出的 sha256 相同，就是当时打的那一个包")
    if asked.key:
        try:
            check_signature(package, content, asked.key)
        except WrongSignature as wrong:
            return Verdict(digest, (Difference("", f"{wrong}{LOOK_INSIDE.format('--key')}"),))
        origin.append("签名相符，是持有这把钥匙的人打的包")
    verdict = verify(content, partial(recompute, work=work), asked.templates)
    return replace(verdict, differences=(*_beside(package, digest), *verdict.differences), origin=tuple(origin))


def _other_package(expected: str) -> str:
    if not expected:
        return "给出的校验值里没有这个包，不知道它是哪里来的，没有打开。文件改过名的，请改回原名。"
    return f"校验值与给出的 sha256 不同，不是当时打的那一个包。{LOOK_INSIDE.format('--sha256')}"


def _beside(package: Path, digest: str) -> Iterator[Difference]:
    """What the .sha256 file beside a package says, where there is one: it proves no origin, but a package that is not
    the one it names is another."""
    path = sha256_path(package)
    if not files.is_there(path):
        return
    try:
        if read_list(path).get(package.name) != digest:
            yield Difference("", f"与旁边的“{path.name}”所记的校验值不符，两者之一换过。")
    except BadList as bad:
        yield Difference("", f"旁边的“{path.name}”：{bad}")
