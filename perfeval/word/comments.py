"""The annotated copy: each figure carries a Word comment that names its cell, formula and clause."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

from perfeval.model.text import clean
from perfeval.word.template import DECLARATION

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
# Private-use characters of the last plane: XML and cleaning let them pass, and no font or filed text uses them.
MARK_START, MARK_END = "\U0010f7d0", "\U0010f7d1"

DOCUMENT, RELATIONS, TYPES_PART, COMMENTS = (
    "word/document.xml",
    "word/_rels/document.xml.rels",
    "[Content_Types].xml",
    "word/comments.xml",
)
RUN = re.compile(r"<w:r(?: [^>]*)?>(?P<properties><w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?(?:(?!</w:r>).)*</w:r>", re.DOTALL)
MARK = re.compile(f"{MARK_START}(\\d+){MARK_END}")


def with_comments(parts: Mapping[str, bytes], origins: Sequence[str], day: date) -> dict[str, bytes]:
    """The parts of a document whose figures are marked, with the marks turned into comments dated `day`."""
    comments: list[str] = []

    def run(found: re.Match[str]) -> str:
        text = found[0]
        return (
            MARK.sub(lambda mark: reference(int(mark[1]), found["properties"] or ""), text)
            if MARK_START in text
            else text
        )

    def reference(origin: int, properties: str) -> str:
        comments.append(_comment(len(comments), origins[origin], day))
        return (
            f'</w:t></w:r><w:r><w:commentReference w:id="{len(comments) - 1}"/></w:r><w:r>{properties}<w:t'
            ' xml:space="preserve">'
        )

    annotated = {
        **parts,
        DOCUMENT: RUN.sub(run, parts[DOCUMENT].decode()).encode(),
        COMMENTS: f"{DECLARATION}<w:comments {W}>{''.join(comments)}</w:comments>".encode(),
    }
    return annotated if COMMENTS in parts else annotated | _registered(parts)


def _registered(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The two lists of parts, with the comments' entry."""
    relation = f'<Relationship Id="rIdComments" Type="{KIND}" Target="comments.xml"/></Relationships>'
    override = f'<Override PartName="/{COMMENTS}" ContentType="{TYPE}"/></Types>'
    return {
        RELATIONS: parts[RELATIONS].replace(b"</Relationships>", relation.encode()),
        TYPES_PART: parts[TYPES_PART].replace(b"</Types>", override.encode()),
    }


def _comment(number: int, text: str, day: date) -> str:
    return (
        f'<w:comment w:id="{number}" w:author="perfeval" w:initials="来源" w:date="{day:%Y-%m-%d}T00:00:00Z">'
        f'<w:p><w:r><w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r></w:p></w:comment>'
    )
