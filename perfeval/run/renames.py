"""Departments that were renamed, by the operator's word alone: `--rename 旧=新`, or the roster's column 曾用名."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from perfeval.errors import UsageError
from perfeval.model.names import plain_name

OPTION = "--rename"
Pair = tuple[str, str]  # former name, present name


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are read as one department's, without anybody's word."""
    return plain_name(one) == plain_name(other)


@dataclass(frozen=True, slots=True)
class Renames:
    """Former → present name, as they are written there; `ordered` are the pairs of the command line, which are expected
    to be of use."""

    pairs: tuple[Pair, ...] = ()
    ordered: tuple[Pair, ...] = ()
    _present: Mapping[str, str] = field(default_factory=dict)

    def is_one(self, former: str, present: str) -> bool:
        """Whether a workbook of the department `present` may correct one of `former`: the same name, or one it was
        renamed to, in steps too."""
        name, wanted = plain_name(former), plain_name(present)
        while name != wanted and name in self._present:
            name = self._present[name]
        return name == wanted

    def newest(self, name: str) -> str:
        """The name a department has by now, as names are compared."""
        newest = plain_name(name)
        while newest in self._present:
            newest = self._present[newest]
        return newest

    def remarks(self, known: Iterable[str], filed: Iterable[str]) -> tuple[str, ...]:
        """What is to be said of the pairs on the command line: nobody of that name, several former names of one
        department.

        `known` are the departments of all filings, published and of this run, `filed` those of this run.
        """
        everybody, here = {plain_name(n) for n in known}, {plain_name(n) for n in filed}
        sentences = [
            f"{OPTION} {old}={new} 没有用上：结果文件夹和这次的工作簿里都没有“{old}”。请核对旧名称。"
            for old, new in self.ordered
            if plain_name(old) not in everybody
        ]
        sentences += [
            f"{OPTION} {old}={new} 没有用上：这次的工作簿里没有“{new}”。请核对新名称。"
            for old, new in self.ordered
            if plain_name(old) in everybody and plain_name(new) not in here | self._present.keys()
        ]
        return (*sentences, *_merged(self.ordered))


def _merged(pairs: Iterable[Pair]) -> Iterable[str]:
    """Several departments that became one: no two sets are made one."""
    former: dict[str, list[Pair]] = {}
    for old, new in pairs:
        former.setdefault(plain_name(new), []).append((old, new))
    for group in former.values():
        if len(group) > 1:
            names = "、".join(f"“{old}”" for old, _ in group)
            yield f"“{group[0][1]}”有几个旧名称：{names}。各自的结果不会合并，只取代改正稿所改自的那一份。"


def renames(ordered: Iterable[Pair], listed: Iterable[Pair] = (), departments: Iterable[str] = ()) -> Renames:
    """From the command line (`ordered`) and from the roster: `listed`, and the `departments` that file under their own
    name.

    Raises UsageError where one name leads to two, a name leads back to itself, or a former name is that of a department
    on the roster.
    """
    ordered, listed = tuple(dict.fromkeys(ordered)), tuple(p for p in listed if plain_name(p[0]) != plain_name(p[1]))
    filing = {plain_name(name) for name in departments}
    for old, new in listed:
        if plain_name(old) in filing:
            raise UsageError(
                f"名册里“{old}”是一个部门，又是“{new}”的曾用名。",
                "请核对“曾用名”一栏：还在报送的部门不能是别的部门的曾用名。",
            )
    present: dict[str, Pair] = {}
    for old, new in (*ordered, *listed):
        earlier = present.setdefault(plain_name(old), (old, new))
        if plain_name(earlier[1]) != plain_name(new):
            raise UsageError(
                f"“{old}”有两个新名称：“{earlier[1]}”和“{new}”。",
                f"一个旧名称只能有一个新名称，请核对 {OPTION} 和名册的“曾用名”。",
            )
    steps = {old: plain_name(new) for old, (_, new) in present.items()}
    for old, (name, _) in present.items():
        if _leads_back(old, steps):
            raise UsageError(
                f"“{name}”改名以后又改回了自己。", f"请核对 {OPTION} 和名册的“曾用名”：旧名称在等号左边，新名称在右边。"
            )
    return Renames((*ordered, *listed), ordered, steps)


def _leads_back(name: str, steps: Mapping[str, str]) -> bool:
    seen = {name}
    while name in steps:
        name = steps[name]
        if name in seen:
            return True
        seen.add(name)
    return False
