"""Loads every installed regulation: the built-in folders and a bureau's own. A faulty one is refused, with every fault
named at once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from perfeval.errors import RegulationError, UsageError
from perfeval.model.regulation import Regulation
from perfeval.model.submission import DEPARTMENT_KIND, PROJECT_KIND
from perfeval.rules.extend import Raw, ancestors, extended
from perfeval.rules.faults import Faults, shown
from perfeval.rules.read import read_regulation
from perfeval.rules.soundness import check_regulation
from perfeval.rules.toml_file import MOST_BYTES, TomlFault, read_toml

FILE = "regulation.toml"
ID = re.compile(r"[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿._-]*")


def load_regulations(extra: Path | None = None) -> Mapping[str, Regulation]:
    """Every regulation by id, sorted; `extra` is a folder of regulation folders, or one of them. Raises RegulationError
    naming every fault."""
    faults = Faults()
    raws: dict[str, Raw] = {}
    names: dict[str, str] = {}
    for file, raw in _all_files(extra, faults):
        _register(raw, file, raws, names, faults)
    return _loaded(raws, names, faults)


def load_folder(folder: Path) -> Mapping[str, Regulation]:
    """The regulations of a bureau's folder alone, also where one bears the id of a built-in one and so cannot be used
    beside it: to compare them.

    Raises RegulationError naming every fault.
    """
    faults = Faults()
    own: dict[str, Raw] = {}
    names: dict[str, str] = {}
    for file, raw in _own_files(folder, faults):
        _register(raw, file, own, names, faults)
    raws: dict[str, Raw] = {}
    for file, raw in _read_folders(_folders(files("perfeval.regulations")), faults):
        if raw.get("id") not in own:
            _register(raw, file, raws, names, faults)
    loaded = _loaded({**raws, **own}, names, faults)
    return {i: regulation for i, regulation in loaded.items() if i in own}


def whole_copy(own: Raw, extra: Path | None) -> Raw:
    """What a regulation written as the differences from another is in full, for a file that stands by itself. Raises
    RegulationError naming every fault of it."""
    faults = Faults()
    raws: dict[str, Raw] = {}
    names: dict[str, str] = {}
    for file, raw in (*_all_files(extra, faults), (f"{own['id']}/{FILE}", own)):
        _register(raw, file, raws, names, faults)
    _loaded(raws, names, faults)
    return {**(extended(raws, names, faults)[own["id"]] or {})}


def abstract_sources(extra: Path | None = None) -> dict[str, Raw]:
    """The regulations by id that can only be extended, as they are written. Raises RegulationError."""
    faults = Faults()
    raws = {str(raw.get("id")): raw for _, raw in _all_files(extra, faults) if raw.get("abstract") is True}
    faults.raise_if_any()
    return dict(sorted(raws.items()))


def regulations_with(name: str, extra: Path | None) -> tuple[Regulation, Mapping[str, Regulation]]:
    """The regulation of that id or folder, and every regulation it can be used beside. Raises as `named_regulation`."""
    known, chosen = load_regulations(extra), named_regulation(name, extra)
    return chosen, {**known, chosen.id: chosen}


def named_regulation(name: str, extra: Path | None = None) -> Regulation:
    """The regulation of that id, or the one in the folder of that name. Raises UsageError where there is none or more
    than one, RegulationError."""
    regulations = load_regulations(extra)
    if name in regulations:
        return regulations[name]
    if not Path(name).is_dir():
        raise UsageError(
            f"没有编号为“{name}”的指标体系，也没有这个名称的文件夹。", f"可用的编号有：{'、'.join(regulations)}。"
        )
    own = load_folder(Path(name))
    if len(own) != 1:
        raise UsageError(
            f"文件夹“{name}”里有 {len(own)} 个指标体系（{'、'.join(own)}）。", "请写到其中一个指标体系的文件夹。"
        )
    return next(iter(own.values()))


def _loaded(raws: dict[str, Raw], names: dict[str, str], faults: Faults) -> dict[str, Regulation]:
    whole = extended(raws, names, faults)
    sound = {i: raw for i, raw in whole.items() if raw is not None and raws[i].get("abstract") is not True}
    regulations = _Builder(raws, names).build(sound, {i for i, raw in whole.items() if raw is None}, faults)
    faults.raise_if_any()
    return dict(sorted(regulations.items()))


def _register(raw: Raw, file: str, raws: dict[str, Raw], names: dict[str, str], faults: Faults) -> None:
    regulation_id = raw.get("id")
    if not isinstance(regulation_id, str) or not ID.fullmatch(regulation_id):
        faults.add(file, "id", shown(regulation_id), "由字母、数字、汉字和连字符组成的编号，中间没有空格")
    elif regulation_id in raws:
        faults.add(file, "id", f"是“{regulation_id}”，与 {names[regulation_id]} 重复", "一个没有用过的编号")
    else:
        raws[regulation_id], names[regulation_id] = raw, file


@dataclass(frozen=True, slots=True)
class _Builder:
    """Raw regulations, as written and with the names of their files, on their way to values."""

    raws: Mapping[str, Raw]
    names: Mapping[str, str]

    def build(self, whole: Mapping[str, Raw], broken: set[str], faults: Faults) -> dict[str, Regulation]:
        """Project schemes first: a department's scheme names one of them. Bases first: a fault is reported where it is
        written, not again of what extends it."""
        regulations: dict[str, Regulation] = {}
        found: dict[str, Faults] = {}
        for regulation_id, raw in sorted(whole.items(), key=self._order):
            own = found[regulation_id] = Faults()
            schemes = {i: regulation for i, regulation in regulations.items() if regulation.kind == PROJECT_KIND}
            built = read_regulation(raw, self.names[regulation_id], schemes, own, broken)
            if built is not None:
                check_regulation(built, self.names[regulation_id], own)
                regulations[regulation_id] = built
            else:
                broken = broken | {regulation_id}
            faults.take(
                own,
                (
                    fault
                    for base in ancestors(regulation_id, self.raws)
                    if base in found
                    for fault in found[base].entries
                ),
            )
        return regulations

    def _order(self, entry: tuple[str, Raw]) -> tuple[bool, int]:
        return entry[1].get("kind") == DEPARTMENT_KIND, len(ancestors(entry[0], self.raws))


def _all_files(extra: Path | None, faults: Faults) -> Iterator[tuple[str, Raw]]:
    yield from _read_folders(_folders(files("perfeval.regulations")), faults)
    if extra is not None:
        yield from _own_files(extra, faults)


def _own_files(extra: Path, faults: Faults) -> Iterator[tuple[str, Raw]]:
    if not extra.is_dir():
        raise RegulationError(f"没有找到指标体系文件夹“{extra}”。", "检查文件夹的名称和位置。")
    own = [extra] if (extra / FILE).is_file() else list(_folders(extra))
    if not own:
        raise RegulationError(f"文件夹“{extra}”里没有指标体系。", f"每个指标体系一个文件夹，文件夹里有 {FILE}。")
    yield from _read_folders(own, faults)


def _folders(root: Traversable) -> Iterator[Traversable]:
    for folder in sorted(root.iterdir(), key=lambda f: f.name):
        if folder.is_dir() and folder.joinpath(FILE).is_file():
            yield folder


def _read_folders(folders: Iterable[Traversable], faults: Faults) -> Iterator[tuple[str, Raw]]:
    for folder in folders:
        file = f"{folder.name}/{FILE}"
        try:
            with folder.joinpath(FILE).open("rb") as stream:
                content = stream.read(MOST_BYTES + 1)
            yield file, read_toml(content)
        except OSError:
            faults.add(file, "文件", "打不开", "可以读取的文件")
        except TomlFault as fault:
            faults.add(file, fault.place, fault.found, fault.expected)
