"""Putting a workbook's set of documents into the output folder: wholly old, wholly new or briefly absent, never mixed (architecture.md).

A set is written into `.perfeval/new-<id>/`, its manifest last; renaming that to `ready-<id>` is the commit point. From then on `finish` can be interrupted
anywhere and repeated: the old folder is renamed away, what perfeval did not write moves from it into the new set, the documents of a version that the
new set supersedes move into its 历史/v<n>/, the new set takes its place.
"""

import errno
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from perfeval.errors import OutputError

WORK_FOLDER = ".perfeval"
RESULT_FILE = "结果.json"
MANIFEST = "manifest.json"
LOCK_FILE = "lock"  # in the work folder; output_lock.py
SET = "set"
SET_DEPTH = 2  # <year>/<department>, 待补/<file>
NEW, READY, OLD, MOVED = "new-", "ready-", "old-", "moved-"
HISTORY_FOLDER = "历史"


@dataclass(frozen=True, slots=True)
class StagedSet:
    """A set written to the work folder: where, where it belongs below the output folder, and its files' sha256."""

    folder: Path
    target: str
    hashes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Superseded:
    """A published set that a new one supersedes: its folder below the output folder, the sha256 of its workbook, its folder's name in 历史."""

    target: str
    sha256: str
    name: str


def stage(output: Path, identifier: str, target: str, files: Mapping[str, bytes], superseded: Superseded | None = None) -> StagedSet:
    """Writes a set's files into `.perfeval/new-<identifier>/set/`, and its manifest. Raises OutputError."""
    staging = output / WORK_FOLDER / f"{NEW}{identifier}"
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = {"target": target, "hashes": hashes, "superseded": asdict(superseded) if superseded else None}
    shutil.rmtree(staging, ignore_errors=True)
    try:
        (staging / SET).mkdir(parents=True)
        for name, content in files.items():
            _write_through(staging / SET / name, content)
        _write_through(staging / MANIFEST, json.dumps(manifest, ensure_ascii=False).encode())
    except OSError as error:
        raise unwritable(output, error) from error
    return StagedSet(staging, target, hashes)


class HeldError(OutputError):
    """A document is open in another program, or may not be changed."""


REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过磁盘允许的大小",
    errno.EACCES: "没有权限，或者文件正打开着",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "文件夹的路径太长",
    errno.EEXIST: "同名的文件占着文件夹的位置",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EISDIR: "这个位置上是一个文件夹",
    errno.EIO: "磁盘读写出错",
    errno.ENOENT: "文件夹不存在",
    errno.EINVAL: "名称或位置不对",
    errno.EBUSY: "正被别的程序使用",
    errno.ETXTBSY: "正被别的程序使用",
    errno.ENOTEMPTY: "文件夹里还有别的文件",
    errno.ELOOP: "链接绕成了圈",
    errno.ESTALE: "网络文件夹断开了",
    errno.ENXIO: "网络文件夹或磁盘断开了",
    errno.ENODEV: "网络文件夹或磁盘断开了",
}
CLOSE_OR_ALLOW = "请关闭文件（Word、Excel、WPS）；没有打开的，请检查文件夹权限。然后再运行一次。"


def _held(path: Path, stays: str) -> HeldError:
    """The sentence for a document that cannot be moved: Windows does not tell one that is open from one that may not be changed."""
    return HeldError(f"“{path}”{stays}：文件正被别的程序打开，或者没有改动它的权限。", CLOSE_OR_ALLOW)


def unwritable(path: Path, error: OSError) -> OutputError:
    """The sentence for an output that cannot be written: full disk, no permission; names the file or folder in the way."""
    reason = REASONS.get(error.errno or 0, f"系统错误 {error.errno or type(error).__name__}")
    where = f"：{error.filename}" if error.filename and Path(str(error.filename)) != path else ""
    return OutputError(f"“{path}”写不进去（{reason}{where}）。", "请检查磁盘空间和文件夹权限；文件正打开着的，请先关闭。")


def publish(output: Path, staged: StagedSet) -> None:
    """Commits a staged set and moves it to its place. Raises OutputError where an old set is open in another program, or the disk is full."""
    try:
        finish(output, staged.folder.rename(staged.folder.with_name(READY + staged.folder.name.removeprefix(NEW))))
    except OSError as error:
        raise unwritable(output, error) from error


def recover(output: Path) -> None:
    """Finishes what an interrupted run had committed and clears what it had not; called at every start."""
    work = output / WORK_FOLDER
    if not work.is_dir():
        return
    for ready in sorted(work.glob(f"{READY}*")):
        if _is_whole(ready):
            finish(output, ready)
            continue
        if _manifest(ready):
            _put_back(output, ready)
        shutil.rmtree(ready, ignore_errors=True)
    clear(output)


def clear(output: Path) -> None:
    """Empties the work folder and removes it; nothing else of perfeval's own stays in the output folder.

    The lock of a run that goes on stays, and a committed set that could not be brought to its place, with what it replaces: the next run does that.
    """
    work = output / WORK_FOLDER
    unfinished = {ready.name.removeprefix(READY) for ready in work.glob(f"{READY}*/")}
    for entry in work.iterdir() if work.is_dir() else ():
        if entry.name.partition("-")[2] in unfinished:
            continue
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != LOCK_FILE:
            with suppress(OSError):
                entry.unlink()
    with suppress(OSError):
        work.rmdir()


def _manifest(ready: Path) -> dict[str, Any]:
    """What was to be published; {} where its removal had begun, after the set had found its place, or where it is not what perfeval writes."""
    manifest = _read_json(ready / MANIFEST)
    superseded = manifest.get("superseded")
    is_ours = _is_target(manifest.get("target")) and isinstance(manifest.get("hashes"), dict)
    if superseded is not None:
        is_ours &= isinstance(superseded, dict) and _is_target(superseded.get("target")) and _is_plain(superseded.get("name"))
    return manifest if is_ours else {}


def _is_target(target: Any) -> bool:
    """Whether this names a set's folder below the output folder, and leads nowhere else."""
    return isinstance(target, str) and len(target.split("/")) == SET_DEPTH and all(map(_is_plain, target.split("/")))


def _is_plain(name: Any) -> bool:
    """Whether a name found in a file is that of an entry of a folder, and leads nowhere else."""
    return isinstance(name, str) and name not in ("", ".", "..") and not set(name) & set("/\\:\0")


def _read_json(path: Path) -> dict[str, Any]:
    """The object in a file; {} where there is none, whatever else is there."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _is_whole(ready: Path) -> bool:
    """Whether a committed set's files are what its manifest says; after a power cut they may not be. A set already moved to its place is."""
    folder, manifest = ready / SET, _manifest(ready)
    if not folder.is_dir():
        return True
    return bool(manifest) and all(
        (folder / name).is_file() and hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        for name, digest in manifest["hashes"].items()
    )


def _put_back(output: Path, ready: Path) -> None:
    """The old sets return to their places where the new one turned out damaged, with what had moved from the set's own folder already."""
    manifest = _manifest(ready)
    for folder, away in _moves(output, ready, manifest):
        if away.is_dir() and not folder.exists():
            _return_contents(ready / SET, manifest, away)
            folder.parent.mkdir(parents=True, exist_ok=True)
            away.rename(folder)


def _return_contents(new: Path, manifest: Mapping[str, Any], away: Path) -> None:
    """What is not the new set's own goes to the first old folder: superseded documents, then files of others and older versions."""
    superseded = manifest.get("superseded")
    kept = new / HISTORY_FOLDER / superseded["name"] if superseded else None
    for entry in sorted(kept.iterdir()) if kept and kept.is_dir() else ():
        entry.rename(away / entry.name)
    if kept and kept.is_dir():
        kept.rmdir()
    for entry in sorted(new.iterdir()) if new.is_dir() else ():
        if entry.name == HISTORY_FOLDER and entry.is_dir():
            _move_into(entry, away / HISTORY_FOLDER)
        elif entry.name not in manifest["hashes"]:
            entry.rename(_free_name(away, entry.name))


def _moves(output: Path, ready: Path, manifest: Mapping[str, Any]) -> list[tuple[Path, Path]]:
    """The folders a committed set takes the place of, each with where it is renamed to: that of the set it supersedes, and last its own."""
    if not manifest:
        return []
    identifier, superseded = ready.name.removeprefix(READY), manifest.get("superseded")
    moves = [(output / manifest["target"], ready.with_name(OLD + identifier))]
    if superseded and superseded["target"] != manifest["target"]:
        moves.insert(0, (output / superseded["target"], ready.with_name(MOVED + identifier)))
    return moves


def finish(output: Path, ready: Path) -> None:
    """Brings a committed set to its place. Can be repeated after an interruption at any point. Raises OutputError for a locked set."""
    new, manifest = ready / SET, _manifest(ready)
    moves = _moves(output, ready, manifest)
    if new.is_dir():
        _rename_away(moves, manifest, ready)
        for _, away in moves:
            _take_over(away, new, manifest.get("superseded"))
        target = output / manifest["target"]
        target.parent.mkdir(parents=True, exist_ok=True)
        new.rename(target)
    if manifest and not manifest["hashes"]:  # withdrawn
        _remove_if_empty(output / manifest["target"])
        _remove_if_empty((output / manifest["target"]).parent)
    for _, away in moves:
        shutil.rmtree(away, ignore_errors=True)
    for elsewhere, _ in moves[:-1]:
        _remove_if_empty(elsewhere.parent)
    _remove(ready)


def _remove(ready: Path) -> None:
    """As a rule nothing but the manifest is left in it."""
    try:
        (ready / MANIFEST).unlink()
        ready.rmdir()
    except OSError:
        shutil.rmtree(ready, ignore_errors=True)


def _rename_away(moves: Sequence[tuple[Path, Path]], manifest: Mapping[str, Any], ready: Path) -> None:
    """All old folders or none. A folder elsewhere that no longer holds the superseded set is somebody else's by now."""
    try:
        for folder, away in moves:
            if folder.exists() and not away.exists() and (folder == moves[-1][0] or _is_superseded(folder, manifest["superseded"])):
                folder.rename(away)
    except OSError as error:
        for earlier, away in moves:
            if away.exists() and not earlier.exists():
                away.rename(earlier)
        shutil.rmtree(ready, ignore_errors=True)
        raise _held(folder, "没有更新") from error


def _take_over(old: Path, new: Path, superseded: Mapping[str, str] | None) -> None:
    """What the old folder holds that perfeval did not write (a signed PDF, say) moves into the new set, older versions with it.

    The old documents move to 历史 where the new set supersedes them; 结果.json last: until then a repeated run still knows what is ours.
    """
    if not old.is_dir():
        return
    ours, is_kept = written_documents(old), superseded is not None and _is_superseded(old, superseded)
    if is_kept:
        (new / HISTORY_FOLDER).mkdir(exist_ok=True)
    for entry in sorted(old.iterdir()):
        if entry.name == HISTORY_FOLDER and entry.is_dir():
            _move_into(entry, new / HISTORY_FOLDER)
        elif entry.name not in ours:
            entry.rename(_free_name(new, entry.name))
    if superseded and is_kept:
        kept = new / HISTORY_FOLDER / superseded["name"]
        kept.mkdir(exist_ok=True)
        for name in sorted(ours, key=lambda name: name == RESULT_FILE):
            if (old / name).exists():
                (old / name).rename(kept / name)


def _move_into(history: Path, kept: Path) -> None:
    kept.mkdir(exist_ok=True)
    for version in sorted(history.iterdir()):
        version.rename(_free_name(kept, version.name))


def _is_superseded(folder: Path, superseded: Mapping[str, str]) -> bool:
    return bool(_source(folder).get("sha256", "") == superseded.get("sha256"))


def _free_name(folder: Path, name: str) -> Path:
    path = folder / name
    stem, suffix = os.path.splitext(name)
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{stem}（原有{number}）{suffix}"
    return path


def own_result(folder: Path) -> dict[str, Any]:
    """A set's own 结果.json; {} where it is missing or not ours."""
    return _read_json(folder / RESULT_FILE)


def written_documents(folder: Path) -> frozenset[str]:
    """The names of the files in a set's folder that perfeval wrote, by its own 结果.json."""
    is_ours = bool(own_result(folder).get("documents"))
    return frozenset({RESULT_FILE, *own_documents(folder).values()}) if is_ours else frozenset()


def own_documents(folder: Path) -> dict[str, str]:
    """The documents of a set by kind, by its own 结果.json; names that are no plain file names are left out."""
    documents = own_result(folder).get("documents")
    return {kind: name for kind, name in documents.items() if _is_plain(name)} if isinstance(documents, dict) else {}


def source_of(folder: Path) -> str:
    """The input file a set was made from, by its own 结果.json; '' where it does not say."""
    return str(_source(folder).get("file", ""))


def _source(folder: Path) -> dict[str, Any]:
    source = own_result(folder).get("source")
    return source if isinstance(source, dict) else {}


def published_sets(output: Path) -> Iterator[Path]:
    """The folders of all sets in the output folder: <year>/<department> and 待补/<file>."""
    yield from sorted(result.parent for result in output.glob(f"*/*/{RESULT_FILE}"))


def changed_documents(output: Path, target: str, written: Mapping[str, str]) -> list[Path]:
    """The documents of a published set that somebody has changed since they were `written` (path below `output` → sha256).

    None of a set whose 结果.json is another than the recorded one: a run that was cut off published it, and the record knows nothing of it.
    """
    folder = output / target
    if written.get(f"{target}/{RESULT_FILE}") != _digest(folder / RESULT_FILE):
        return []
    documents = [folder / name for name in sorted(own_documents(folder).values())]
    return [path for path in documents if path.is_file() and written.get(f"{target}/{path.name}", "") not in ("", _digest(path))]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "-"


def set_changed_aside(output: Path, target: str, written: Mapping[str, str]) -> list[str]:
    """Renames the changed documents of a published set, so that nobody's work is swept away; a sentence for each. Raises OutputError where one is open."""
    told = []
    for path in changed_documents(output, target, written):
        kept = _free_name(path.parent, f"{path.stem}（原有，改动过）{path.suffix}")
        try:
            path.rename(kept)
        except OSError as error:
            raise _held(path, "没有更新") from error
        told.append(
            f"结果文件夹里的“{path.name}”被改动过，没有覆盖，改名保留为“{kept.name}”。"
            "改的是填报内容的，请把它复制到放填报工作簿的文件夹，再运行一次。"
        )
    return told


def withdraw(output: Path, target: str) -> None:
    """Removes a set's own documents, all or none, keeping files of others and superseded versions; the folder goes when it is empty.

    A set without documents takes its place. Raises OutputError where one of the old is open, or the disk is full.
    """
    empty = stage(output, secrets.token_hex(8), target, {})
    try:
        publish(output, empty)
    except HeldError as error:
        raise _held(output / target, "里旧的结果没有清除") from error


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        with suppress(OSError):  # somebody looks into it: an empty folder harms nobody
            folder.rmdir()


def replace_file(output: Path, name: str, content: bytes) -> None:
    """Writes `output/name` wholly or not at all. Raises OutputError."""
    work = output / WORK_FOLDER
    work.mkdir(parents=True, exist_ok=True)
    draft = work / f"{NEW}{name}"
    try:
        _write_through(draft, content)
        draft.replace(output / name)
    except OSError as error:
        raise unwritable(output / name, OSError(error.errno, error.strerror)) from error  # the draft's own name tells nobody anything


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
