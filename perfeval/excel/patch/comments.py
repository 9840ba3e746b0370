"""The comments part of a sheet: ours are added or put behind an existing text, and found again by their first words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perfeval.excel.patch.cells import Place, place_of
from perfeval.excel.patch.splice import DAMAGED, MAIN, CannotMark, Document, Element, escape
from perfeval.model.cells import column_letters

# what our text begins with: how a later round knows it, whatever program saved the file in between
HEADING = "【退回修改意见】"
AUTHOR = "绩效自评核对"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<comments xmlns="{MAIN}"><authors></authors><commentList></commentList></comments>'
).encode()
_THREADED = "tc="  # the author of the stand-in comment Excel writes for a threaded one


@dataclass(frozen=True, slots=True)
class Added:
    """The comments part with our texts; `new` are the cells that had none (they need a box), `threaded` those left
    alone."""

    data: bytes
    new: tuple[Place, ...]
    threaded: tuple[Place, ...]


def add_comments(data: bytes, texts: Mapping[Place, str]) -> Added:
    """Writes our text at each cell; an existing comment is extended, a threaded one not touched. Raises CannotMark for
    a damaged part."""
    document = Document(data)
    authors, comments = document.root.child("authors"), document.root.child("commentList")
    if authors is None or comments is None:
        raise CannotMark(DAMAGED)
    names = [author.whole_text() for author in authors.children]
    there = {place_of(c.attributes.get("ref", "")): c for c in comments.children}
    new, threaded = [], []
    for place in sorted(texts):
        comment = there.get(place)
        if comment is None:
            new.append(place)
        elif _author(comment, names).startswith(_THREADED):
            threaded.append(place)
        else:
            _extend(document, comment, texts[place])
    if new:
        number = _author_number(document, authors, names)
        for place in new:
            document.append(comments, _comment(place, number, texts[place]))
    return Added(document.render(), tuple(new), tuple(threaded))


def _author(comment: Element, names: list[str]) -> str:
    number = int(comment.attributes.get("authorId", "0"))
    return names[number] if number < len(names) else ""


def _author_number(document: Document, authors: Element, names: list[str]) -> int:
    if AUTHOR in names:
        return names.index(AUTHOR)
    document.append(authors, f"<author>{AUTHOR}</author>")
    return len(names)


def _comment(place: Place, author: int, text: str) -> str:
    address = f"{column_letters(place[1])}{place[0]}"
    runs = _run(HEADING, bold=True) + _run("\n" + text)
    return f'<comment ref="{address}" authorId="{author}"><text>{runs}</text></comment>'


def _run(text: str, bold: bool = False) -> str:
    look = f'<rPr>{"<b/>" * bold}<sz val="9"/><color rgb="FF000000"/><rFont val="宋体"/></rPr>'
    return f'<r>{look}<t xml:space="preserve">{escape(text)}</t></r>'


def _extend(document: Document, comment: Element, text: str) -> None:
    body = comment.child("text")
    added = f"\n{HEADING}\n{text}"
    if body is None:
        document.append(comment, f"<text>{_run(added)}</text>")
    elif plain := body.child("t"):
        document.append(plain, escape(added))
    else:
        document.insert_child(body, _run(added), frozenset({"r"}))


@dataclass(frozen=True, slots=True)
class Cleared:
    """The comments part without our texts; `gone` are the cells whose comment was ours alone."""

    data: bytes
    gone: tuple[Place, ...]
    empty: bool


def clear_comments(data: bytes) -> Cleared:
    """Takes our texts out: from our first words to the end of the comment."""
    document = Document(data)
    comments = document.root.all("comment")
    gone = []
    for comment in comments:
        at = comment.whole_text().find(HEADING)
        if at == 0:
            document.remove(comment)
            gone.append(place_of(comment.attributes.get("ref", "")))
        elif at > 0:
            _truncate(document, comment, at)
    _drop_author(document, [c for c in comments if place_of(c.attributes.get("ref", "")) not in gone])
    return Cleared(
        document.render() if document.changed else data,
        tuple(p for p in gone if p),
        bool(gone) and len(gone) == len(comments),
    )


def _drop_author(document: Document, left: list[Element]) -> None:
    """Our name goes if it is the last, so that no other author's number changes, and nobody's comment bears it."""
    authors = document.root.child("authors")
    last = len(authors.children) - 1 if authors else -1
    if (
        authors
        and last >= 0
        and authors.children[last].whole_text() == AUTHOR
        and all(c.attributes.get("authorId") != str(last) for c in left)
    ):
        document.remove(authors.children[last])


def _truncate(document: Document, comment: Element, at: int) -> None:
    """Cuts the comment's text before our first words and the line break we put there; runs left empty go."""
    at = len(comment.whole_text()[:at].removesuffix("\n"))
    for holder in _holders(comment):
        length = len(holder.whole_text())
        if at <= 0:
            document.remove(holder)
        elif length > at:
            text = holder if holder.name == "t" else holder.child("t")
            if text is not None:
                document.replace_content(text, escape(text.text[:at]))
        at -= length


def _holders(comment: Element) -> Iterable[Element]:
    body = comment.child("text")
    return [c for c in body.children if c.name in ("t", "r")] if body else []
