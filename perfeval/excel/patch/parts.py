"""The zip package: its parts as bytes, their relationships and content types. What is not changed comes out as it went
in."""

import io
import posixpath
import zipfile
from dataclasses import dataclass

from perfeval.excel.guard import CONTENT_TYPES, ZIP_DAMAGE
from perfeval.excel.package import ROOT_RELATIONS, relations_part, target_part
from perfeval.excel.patch.splice import DAMAGED, RELATIONS, STRICT, CannotMark, Document, Element, escape

SIGNED = (
    "这个工作簿带有数字签名，改动任何一处都会使签名失效，所以没有制作标注副本。请按评分表里的“问题清单”修改原文件。"
)
IS_STRICT = "这个工作簿存成了“Strict Open XML”格式，无法在副本上标注。请在 Excel 中另存为“Excel 工作簿（.xlsx）”，再放回 input 文件夹。"

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_EMPTY_RELATIONS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_PACKAGE}/relationships"/>'
)
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part: `kind` is the last word of its type, `target` the part it leads to ('' outside the
    package)."""

    id: str
    kind: str
    target: str


class Parts:
    """The parts of a package by name, in the order of its zip directory; names are found in any case, as Office finds
    them."""

    def __init__(self, content: bytes) -> None:
        self._parts: dict[str, bytes] = {}
        self._times: dict[str, tuple[int, int, int, int, int, int]] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for info in archive.infolist():
                    if not info.is_dir():
                        self._parts[info.filename] = archive.read(info)
                        self._times[info.filename] = info.date_time
        except ZIP_DAMAGE as error:
            raise CannotMark(DAMAGED) from error
        self._names = {name.lower(): name for name in self._parts}
        self._refuse_untouchable()

    def _refuse_untouchable(self) -> None:
        if CONTENT_TYPES not in self or ROOT_RELATIONS not in self:
            raise CannotMark(DAMAGED)
        if any(name.startswith("_xmlsignatures/") for name in self._names) or "/digital-signature/" in self[
            ROOT_RELATIONS
        ].decode("utf-8", "replace"):
            raise CannotMark(SIGNED)
        if STRICT in self[ROOT_RELATIONS].decode("utf-8", "replace"):
            raise CannotMark(IS_STRICT)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def __getitem__(self, name: str) -> bytes:
        if name not in self:
            raise CannotMark(DAMAGED)
        return self._parts[self._names[name.lower()]]

    def __setitem__(self, name: str, data: bytes) -> None:
        self._parts[self._names.setdefault(name.lower(), name)] = data

    def remove(self, name: str) -> None:
        """Takes a part out, with its relationships and content type; unknown names are no error."""
        if name not in self:
            return
        del self._parts[self._names.pop(name.lower())]
        self.remove(relations_part(name))
        types = Document(self[CONTENT_TYPES])
        for override in types.root.all("Override"):
            if override.attributes.get("PartName", "").lstrip("/").lower() == name.lower():
                types.remove(override)
        self[CONTENT_TYPES] = types.render()

    def names(self) -> list[str]:
        """Every part, in the order of the package."""
        return list(self._parts)

    def free_name(self, pattern: str) -> str:
        """The first name of a pattern such as `xl/comments{}.xml` that no part has."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def relations(self, part: str) -> list[Relation]:
        """Where the part leads to; '' is the package itself. Raises CannotMark for relationships of the strict
        format."""
        name = relations_part(part)
        return [] if name not in self else [_relation(part, e) for e in Document(self[name]).root.all("Relationship")]

    def related(self, part: str, kind: str) -> str | None:
        """The part a relationship of that kind leads to, if the package has it."""
        return next((r.target for r in self.relations(part) if r.kind == kind and r.target in self), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Adds a relationship of a standard kind; its id."""
        name = relations_part(part)
        document = Document(self[name] if name in self else _EMPTY_RELATIONS.encode())
        taken = {e.attributes.get("Id", "").lower() for e in document.root.all("Relationship")}
        number = len(taken) + 1
        while f"rid{number}" in taken:
            number += 1
        path = posixpath.relpath(target, posixpath.dirname(part) or ".")
        document.append(
            document.root, f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{escape(path)}"/>'
        )
        self[name] = document.render()
        return f"rId{number}"

    def unrelate(self, part: str, target: str) -> None:
        """Takes out the relationships that lead to a part; a list of relationships left empty goes too."""
        name = relations_part(part)
        document = Document(self[name])
        elements = document.root.all("Relationship")
        gone = [e for e in elements if _relation(part, e).target.lower() == target.lower()]
        for element in gone:
            document.remove(element)
        if len(gone) == len(elements):
            self.remove(name)
        else:
            self[name] = document.render()

    def add(self, name: str, data: bytes, content_type: str) -> None:
        """Adds a part; a .vml part by its ending, any other by name."""
        self[name] = data
        types = Document(self[CONTENT_TYPES])
        if name.endswith(".vml"):
            known = {e.attributes.get("Extension", "").lower() for e in types.root.all("Default")}
            if "vml" not in known:
                types.insert(types.root.opened, f'<Default Extension="vml" ContentType="{content_type}"/>')
        else:
            types.append(types.root, f'<Override PartName="/{escape(name)}" ContentType="{content_type}"/>')
        self[CONTENT_TYPES] = types.render()

    def to_bytes(self) -> bytes:
        """The zip: old parts in their order with their times, new ones behind with a fixed time; the same parts give
        the same bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self._parts.items():
                info = zipfile.ZipInfo(name, self._times.get(name, _FIXED_TIME))
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 0  # else the zip distinguishes Windows from Linux
                archive.writestr(info, data)
        return buffer.getvalue()


def _relation(part: str, element: Element) -> Relation:
    kind, target = element.attributes.get("Type", ""), element.attributes.get("Target", "")
    if kind.startswith(STRICT):
        raise CannotMark(IS_STRICT)
    target = "" if element.attributes.get("TargetMode") == "External" else target_part(part, target)
    return Relation(element.attributes.get("Id", ""), kind.rpartition("/")[2], target)
