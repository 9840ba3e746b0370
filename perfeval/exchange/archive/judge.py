"""What a package brings along, judged before anything of it is used: where its parts lie, its Word templates, its
regulations."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from perfeval.documents.report.write import standard_digests, version_of
from perfeval.exchange.archive.compare import Difference
from perfeval.exchange.archive.manifest import (
    BUILTIN,
    EARLIER,
    FILED,
    HISTORY,
    LOCAL,
    MANIFEST,
    PREVIOUS,
    RECORD,
    RESULTS,
    TEMPLATES,
)
from perfeval.exchange.archive.recompute import Files
from perfeval.rules.load import FILE as REGULATION_FILE

ONE, RULES = "[^/]+", f"[^/]+/{re.escape(REGULATION_FILE)}"
LAYOUT = re.compile(
    f"{MANIFEST}|{RECORD}|(?:{FILED}|{RESULTS}){ONE}|(?:{PREVIOUS}|{EARLIER}){ONE}\\.xlsx|{HISTORY}{ONE}/.+"
    f"|(?:{BUILTIN}|{LOCAL}){RULES}|{TEMPLATES}[0-9]+\\.docx"
)
KIB = 1024
REGULATION_BYTES, DEPTH, DIGITS = (
    512 * KIB,
    30,
    30,
)  # the largest built-in rule file has 8 KB, three levels and numbers of five digits
QUOTED = re.compile(rb"\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|#[^\n]*", re.DOTALL)
GIANT = re.compile(rb"[0-9A-Fa-f_]{%d}|[eE][+-]?[0-9_]{4}" % DIGITS)
DEEP_KEY = re.compile(rb"(?:\.\s*[^\s.=\[\]]+\s*){%d}" % DEPTH)


def misplaced(names: Iterable[str]) -> Iterator[Difference]:
    """Parts that no package of this program holds."""
    for name in sorted(names):
        if not LAYOUT.fullmatch(name):
            yield Difference(name, "归档包里不应有这样的文件，没有打开。")


@dataclass(frozen=True, slots=True)
class JudgedTemplates:
    """A package's Word templates: those that may be rendered, the names of the others; and where there are others, the
    version they make up."""

    known: Files
    foreign: tuple[str, ...]
    version: str = ""


def judge_templates(packed: Mapping[str, bytes], given: Set[str], recorded: object) -> JudgedTemplates:
    """Sorts out the templates that this program does not know and the operator did not give (`given`: sha256). None is
    opened.

    `recorded` is the version the run record names; it counts only where the package's templates make it up.
    """
    known = {*standard_digests(), *given}
    digests = {
        name: _digest(packed[name]) for name in sorted(packed, key=lambda name: (len(name), name))
    }  # as packed: 2.docx before 10.docx
    foreign = tuple(name for name, digest in digests.items() if digest not in known)
    usable = tuple((name, packed[name]) for name in digests if name not in foreign)
    version = version_of(digests.values())
    return JudgedTemplates(usable, foreign, version if foreign and recorded == version else "")


def judge_regulations(packed: Mapping[str, bytes]) -> Iterator[Difference]:
    """Rule files of others that are too large, too deep or hold numbers beyond all bounds: they are not read."""
    for name, content in sorted(packed.items()):
        if reason := _unsafe(content):
            yield Difference(f"{LOCAL}{name}", f"指标体系文件{reason}，没有读取。")


def _unsafe(content: bytes) -> str:
    if len(content) > REGULATION_BYTES:
        return f"超过 {REGULATION_BYTES // KIB} KB"
    bare = QUOTED.sub(b'""', content)
    if GIANT.search(bare):
        return "里有大得不合理的数"
    if DEEP_KEY.search(bare) or _depth(bare) > DEPTH:
        return "层次太深"
    return ""


def _depth(bare: bytes) -> int:
    """How deep brackets are nested at most; closing ones too many count as none."""
    deepest = depth = 0
    for bracket in re.findall(rb"[\[{\]}]", bare):
        depth = depth + 1 if bracket in b"[{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
