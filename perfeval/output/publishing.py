"""Putting a workbook's set of documents into the output folder: wholly old, wholly new or briefly absent, never mixed
(docs/开发/架构.md).

A set is written into `.perfeval/new-<id>/`, its manifest last; renaming that to `ready-<id>` is the commit point. From
then on `finish` can be interrupted anywhere and repeated: the old folder is renamed away, what perfeval did not write
moves from it into the new set, the documents of a version that the new set supersedes move into its 历史/v<n>/, the new
set takes its place.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from perfeval.errors import OutputError
from perfeval.excel.guard import file_sha256
from perfeval.output import files
from perfeval.output.files import InTheWay, Kind, is_file, is_folder, kind_of, unwritable
from perfeval.output.schema import rule
from perfeval.output.sets import as_written, named_documents
from perfeval.output.state import NAME, RESULT_FILE, SHA256, TARGET, WORK_FOLDER, read_object

MANIFEST = "manifest.json"
LOCK_FILE = "lock"  # in the work folder; output_lock.py
JOURNAL = "journal.jsonl"  # in the work folder; run_record.py
SET = "set"
NEW, READY, OLD, MOVED = "new-", "ready-", "old-", "moved-"
OURS = re.compile(
    r"(new|ready|old|moved)-[0-9a-f]{16}|\.perfeval-[0-9a-f]{16}"
)  # the entries of the work folder that are cleared
HISTORY_FOLDER = "历史"
_is_manifest = rule(
    {
        "type": "object",
        "required": ["target", "hashes", "superseded"],
        "properties": {
            "target": TARGET,
            "hashes": {"type": "object", "propertyNames": NAME, "additionalProperties": SHA256},
            "superseded": {
                "type": ["object", "null"],
                "required": ["target", "sha256", "name"],
                "properties": {"target": TARGET, "sha256": {"type": "string"}, "name": NAME},
            },
        },
    }
)


@dataclass(frozen=True, slots=True)
class StagedSet:
    """A set written to the work folder: where, where it belongs below the output folder, its files' sha256, and where
    the set lies that it supersedes."""

    folder: Path
    target: str
    hashes: Mapping[str, str]
    superseded: str = ""


@dataclass(frozen=True, slots=True)
class Superseded:
    """A published set that a new one supersedes: its folder below the output folder, the sha256 of its workbook, its
    folder's name in 历史."""

    target: str
    sha256: str
    name: str


def stage(
    output: Path, identifier: str, target: str, documents: Mapping[str, bytes], superseded: Superseded | None = None
) -> StagedSet:
    """Writes a set's documents into `.perfeval/new-<identifier>/set/`, and its manifest. Raises OutputError."""
    staging = output / WORK_FOLDER / f"{NEW}{identifier}"
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in documents.items()}
    manifest = {"target": target, "hashes": hashes, "superseded": asdict(superseded) if superseded else None}
    files.remove_tree(staging)
    try:
        files.make_folder(output, staging / SET)
        for name, content in documents.items():
            files.write_new(staging / SET / name, content)
        files.write_new(staging / MANIFEST, json.dumps(manifest, ensure_ascii=False).encode())
    except OSError as error:
        raise unwritable(output, error) from error
    return StagedSet(staging, target, hashes, superseded.target if superseded else "")


CHANGED = "（原有，改动过）"  # in the name of what was set aside in a set's folder
TAKE_ALONG = "改的是填报内容的，请把它复制到放填报工作簿的文件夹，再运行一次。"


class HeldError(OutputError):
    """A document is open in another program, or may not be changed."""


CLOSE_OR_ALLOW = "请关闭文件（Word、Excel、WPS）；没有打开的，请检查文件夹权限。然后再运行一次。"


def _held(path: Path, stays: str) -> HeldError:
    """The sentence for a document that cannot be moved: Windows does not distinguish one that is open from one that may
    not be changed."""
    return HeldError(f"“{path}”{stays}：文件正被别的程序打开，或者没有改动它的权限。", CLOSE_OR_ALLOW)


def publish(output: Path, staged: StagedSet) -> None:
    """Commits a staged set and moves it to its place.

    Raises OutputError where an old set is open in another program, or something of somebody else is in the way (nothing
    is committed then), or the disk is full.
    """
    try:
        _refuse_strangers(output, staged)
        finish(output, files.move(staged.folder, staged.folder.with_name(READY + staged.folder.name.removeprefix(NEW))))
    except OSError as error:
        raise unwritable(output, error) from error


def _refuse_strangers(output: Path, staged: StagedSet) -> None:
    """Raises InTheWay where the set's place, or that of one of its documents, is taken by what is no folder or no
    ordinary file, OutputError where a folder is closed."""
    for target in (staged.target, *([staged.superseded] if staged.superseded else ())):
        folder = output / target
        files.refuse_strangers(output, folder)
        history = kind_of(folder / HISTORY_FOLDER)
        if history not in (Kind.FOLDER, Kind.FILE, Kind.NOTHING):  # a file is kept beside
            raise files.in_the_way(folder / HISTORY_FOLDER, history)
        for place in (folder, folder / HISTORY_FOLDER):  # else it would be found out half-way
            files.refuse_closed(place)
        for name in sorted({*staged.hashes, *named_documents(folder)}):
            if (kind := kind_of(folder / name)) not in (Kind.FILE, Kind.NOTHING):
                raise files.in_the_way(folder / name, kind)


def recover(output: Path) -> list[str]:
    """Finishes what an interrupted run had committed and clears what it had not; called at every start.

    Gives a sentence for each committed set that can neither be finished nor dropped without losing what others put into
    its old folder: it stays. Raises InTheWay where a link is in the work folder under a name of ours.
    """
    work = output / WORK_FOLDER
    problems = []
    for entry in sorted(work.iterdir()) if is_folder(work) else ():
        if (OURS.fullmatch(entry.name) or entry.name == JOURNAL) and (kind := kind_of(entry)) not in (
            Kind.FOLDER,
            Kind.FILE,
        ):
            raise files.in_the_way(entry, kind)
        if OURS.fullmatch(entry.name) and entry.name.startswith(READY) and is_folder(entry):
            problems += _recovered(output, entry)
    clear(output)
    return problems


def _recovered(output: Path, ready: Path) -> list[str]:
    """The sentence for a committed set that has to stay as it is, if it has to."""
    if _is_whole(ready):
        try:
            finish(output, ready)
        except InTheWay as error:  # as a rule it is dropped then; this run builds it again and says what is in the way
            return [str(error)] if is_folder(ready) else []
        return []
    identifier = ready.name.removeprefix(READY)
    away = [folder for prefix in (OLD, MOVED) if is_folder(folder := ready.with_name(prefix + identifier))]
    if _manifest(ready):
        _put_back(output, ready)
    elif away:
        names = "、".join(f"“{folder}”" for folder in away)
        return [
            f"“{ready / MANIFEST}”已损坏，上次没有做完的一份放不回去，原来的文件在{names}里。请把需要的文件取出来，再删掉这些文件夹。"
        ]
    files.remove_tree(ready)
    return []


def clear(output: Path) -> None:
    """Clears what is ours out of the work folder and removes it; nothing else of perfeval's own stays in the output
    folder.

    The lock of a run that goes on stays, and a committed set that could not be brought to its place, with what it
    replaces: the next run does that. So does whatever somebody else put there.
    """
    work = output / WORK_FOLDER
    if not is_folder(work):
        return
    entries = [entry for entry in work.iterdir() if OURS.fullmatch(entry.name) or entry.name == JOURNAL]
    unfinished = {
        entry.name.removeprefix(READY) for entry in entries if entry.name.startswith(READY) and is_folder(entry)
    }
    for entry in entries:
        if entry.name.partition("-")[2] in unfinished:
            continue
        if is_folder(entry):
            files.remove_tree(entry)
        else:
            files.remove_file(entry)
    files.remove_folder(work)


def _manifest(ready: Path) -> dict[str, Any]:
    """What was to be published; {} where its removal had begun, after the set had found its place, or where it is not
    what perfeval writes."""
    manifest = read_object(ready / MANIFEST)
    return manifest if _is_manifest(manifest) else {}


def _is_whole(ready: Path) -> bool:
    """Whether a committed set's files are what its manifest says; after a power cut they may not be. A set already
    moved to its place is."""
    folder, manifest = ready / SET, _manifest(ready)
    if not is_folder(folder):
        return True
    return bool(manifest) and all(file_sha256(folder / name) == digest for name, digest in manifest["hashes"].items())


def _put_back(output: Path, ready: Path) -> None:
    """The old sets return to their places where the new one turned out damaged, with what had moved from the set's own
    folder already."""
    manifest = _manifest(ready)
    for folder, away in _moves(output, ready, manifest):
        if is_folder(away) and kind_of(folder) is Kind.NOTHING:
            _return_contents(ready / SET, manifest, away)
            files.make_folder(output, folder.parent)
            files.move(away, folder)


def _return_contents(new: Path, manifest: Mapping[str, Any], away: Path) -> None:
    """What is not the new set's own goes to the first old folder: superseded documents, then files of others and older
    versions."""
    superseded = manifest.get("superseded")
    kept = new / HISTORY_FOLDER / superseded["name"] if superseded else None
    for entry in sorted(kept.iterdir()) if kept and is_folder(kept) else ():
        files.move(entry, away / entry.name)
    if kept:
        files.remove_folder(kept)
    for entry in sorted(new.iterdir()) if is_folder(new) else ():
        if entry.name == HISTORY_FOLDER and is_folder(entry):
            _move_into(entry, away)
        elif entry.name not in manifest["hashes"]:
            files.move(entry, files.free_name(away, entry.name))


def _moves(output: Path, ready: Path, manifest: Mapping[str, Any]) -> list[tuple[Path, Path]]:
    """The folders a committed set takes the place of, each with where it is renamed to: that of the set it supersedes,
    and last its own."""
    if not manifest:
        return []
    identifier, superseded = ready.name.removeprefix(READY), manifest.get("superseded")
    moves = [(output / manifest["target"], ready.with_name(OLD + identifier))]
    if superseded and superseded["target"] != manifest["target"]:
        moves.insert(0, (output / superseded["target"], ready.with_name(MOVED + identifier)))
    return moves


def finish(output: Path, ready: Path) -> None:
    """Brings a committed set to its place. Can be repeated after an interruption at any point. Raises OutputError for a
    locked set."""
    new, manifest = ready / SET, _manifest(ready)
    moves = _moves(output, ready, manifest)
    if is_folder(new):
        _rename_away(output, moves, manifest, ready)
        for _, away in moves:
            _take_over(away, new, manifest.get("superseded"))
        target = output / manifest["target"]
        files.make_folder(output, target.parent)
        files.move(new, target)
    if manifest and not manifest["hashes"]:  # withdrawn
        _remove_if_empty(output / manifest["target"])
        _remove_if_empty((output / manifest["target"]).parent)
    for _, away in moves:
        files.remove_tree(away)
    for elsewhere, _ in moves[:-1]:
        _remove_if_empty(elsewhere.parent)
    _remove(ready)


def _remove(ready: Path) -> None:
    """As a rule nothing but the manifest is left in it."""
    files.remove_file(ready / MANIFEST)
    files.remove_folder(ready)
    if is_folder(ready):
        files.remove_tree(ready)


def _rename_away(output: Path, moves: Sequence[tuple[Path, Path]], manifest: Mapping[str, Any], ready: Path) -> None:
    """All old folders or none. A folder elsewhere that no longer holds the superseded set is somebody else's by now."""
    try:
        for folder, away in moves:
            is_own = folder == moves[-1][0]
            if is_own:
                files.refuse_strangers(output, folder)
            if is_folder(folder) and not is_folder(away) and (is_own or _is_superseded(folder, manifest["superseded"])):
                files.move(folder, away)
    except (OSError, InTheWay) as error:
        for earlier, away in moves:
            if is_folder(away) and kind_of(earlier) is Kind.NOTHING:
                files.move(away, earlier)
        files.remove_tree(ready)
        raise error if isinstance(error, InTheWay) else _held(folder, "没有更新") from error


def _take_over(old: Path, new: Path, superseded: Mapping[str, str] | None) -> None:
    """What the old folder holds that perfeval did not write (a signed PDF, say) moves into the new set, older versions
    with it.

    The old documents move to 历史 where the new set supersedes them; 结果.json last: until then a repeated run still knows
    what is ours.
    """
    if not is_folder(old):
        return
    ours = {name for name in named_documents(old) if is_file(old / name)}
    is_kept = superseded is not None and _is_superseded(old, superseded)
    if is_kept:
        files.make_folder(new, new / HISTORY_FOLDER)
    for entry in sorted(old.iterdir()):
        if entry.name == HISTORY_FOLDER and is_folder(entry):
            _move_into(entry, new)
        elif entry.name not in ours:
            files.move(entry, files.free_name(new, entry.name))
    if superseded and is_kept:
        kept = new / HISTORY_FOLDER / superseded["name"]
        files.make_folder(new, kept)
        for name in sorted(ours, key=lambda name: name == RESULT_FILE):
            files.move(old / name, kept / name)


def _move_into(history: Path, folder: Path) -> None:
    kept = folder / HISTORY_FOLDER
    files.make_folder(folder, kept)
    for version in sorted(history.iterdir()):
        files.move(version, files.free_name(kept, version.name))


def _is_superseded(folder: Path, superseded: Mapping[str, str]) -> bool:
    source = read_object(folder / RESULT_FILE).get("source")
    return isinstance(source, dict) and source.get("sha256", "") == superseded.get("sha256")


def set_changed_aside(
    output: Path, target: str, written: Mapping[str, str], new: Mapping[str, str] | None = None
) -> list[str]:
    """Renames what is not as perfeval wrote it in a set's folder and would be swept away: its documents, and files in
    the place of those of the `new` set (name → sha256). A sentence for each. Raises OutputError where one is open, or
    the folder cannot be looked into.

    `written` is what the run record knows, path below `output` → sha256. Of a changed 结果.json a copy is kept: it still
    says which documents are the old set's own.
    """
    folder, new, sentences = output / target, new or {}, []
    if not files.is_own_folder(output, folder):  # behind a link lies what is not ours; publishing says so
        return []
    try:
        known, named = as_written(output, target, written), named_documents(folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    for path in (folder / name for name in sorted({RESULT_FILE, *named, *new}) if is_file(folder / name)):
        if file_sha256(path) in (known.get(path.name), new.get(path.name)):
            continue
        try:
            put_aside = files.copy_aside if path.name == RESULT_FILE and named else files.set_aside
            kept = put_aside(path, CHANGED)
        except OSError as error:
            raise _held(path, "没有更新") from error
        why = "被改动过" if path.name in known else files.CHANGED_OR_FOREIGN if path.name in named else "不是本程序写的"
        sentences.append(f"结果文件夹里的{files.was_kept(path, kept, why)}{TAKE_ALONG}")
    return sentences


def withdraw(output: Path, target: str) -> None:
    """Removes a set's own documents, all or none, keeping files of others and superseded versions; the folder goes when
    it is empty.

    A set without documents takes its place. Raises OutputError where one of the old is open, or the disk is full.
    """
    empty = stage(output, secrets.token_hex(8), target, {})
    try:
        publish(output, empty)
    except HeldError as error:
        raise _held(output / target, "里旧的结果没有清除") from error


def _remove_if_empty(folder: Path) -> None:
    if is_folder(folder) and not any(folder.iterdir()):
        files.remove_folder(folder)
