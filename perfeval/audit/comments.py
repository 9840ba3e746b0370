"""A copy of a Word report with a comment at both places of each finding; all else stays as it is, byte by byte."""

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from perfeval.audit.findings import Finding
from perfeval.audit.grid import cell_place
from perfeval.audit.read import Report
from perfeval.audit.word_view import DOCUMENT
from perfeval.excel.guard import open_archive
from perfeval.excel.zips import write_zip
from perfeval.model.text import clean
from perfeval.word.comments import COMMENTS, KIND, RELATIONS, TYPE, TYPES_PART, W
from perfeval.word.template import DECLARATION

AUTHOR = "perfeval"
ATTRIBUTES = rb"""(?:[^>"']|"[^"]*"|'[^']*')*?"""
TOKEN = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<w:p(?=[\s>/])" + ATTRIBUTES + rb"(?P<empty>/?)>|(?P<end></w:p\s*>)", re.DOTALL
)
PROPERTIES = re.compile(rb"<w:pPr(?=[\s>/])" + ATTRIBUTES + rb"(?P<empty>/?)>|(?P<end></w:pPr\s*>)", re.DOTALL)
IDS = re.compile(rb'<w:comment\s[^>]*?w:id="(\d+)"')
MOST_PLACES = 12  # of one finding that are commented


def commented(content: bytes, report: Report, findings: Sequence[Finding]) -> bytes | None:
    """The copy's bytes; None where the file is built in a way that comments cannot be put into."""
    parts = dict(open_archive(content, report.name).parts)
    marks = _marks(report, findings)
    spans = _paragraphs(parts[DOCUMENT])
    if (
        not marks
        or any(anchor not in spans for anchor, _ in marks)
        or (COMMENTS in parts and b"</w:comments>" not in parts[COMMENTS])
    ):
        return None
    first = max((int(i) for i in IDS.findall(parts.get(COMMENTS, b""))), default=-1) + 1
    parts[DOCUMENT] = _marked(parts[DOCUMENT], spans, [anchor for anchor, _ in marks], first)
    written = "".join(_comment(first + n, text) for n, (_, text) in enumerate(marks))
    return write_zip(parts | _with(parts, written))


def _marks(report: Report, findings: Sequence[Finding]) -> list[tuple[int, str]]:
    """Paragraph and words of each comment, in the order of the document."""
    marks: dict[tuple[int, int], str] = {}
    for number, finding in enumerate(findings, 1):
        text = f"{finding.level} {number}：{'；'.join(finding.says)}。{finding.comparisons[0].advice}"
        places = (_anchor(report, f.key) for c in finding.comparisons for f in c.figures)
        for anchor in list(dict.fromkeys(a for a in places if a >= 0))[:MOST_PLACES]:
            marks[anchor, number] = text
    return [(anchor, text) for (anchor, _), text in sorted(marks.items())]


def _anchor(report: Report, key: tuple[object, ...]) -> int:
    """The paragraph a figure is in, -1 for none of the document's own."""
    number = key[1]
    if not isinstance(number, int):
        return -1
    if number > 0:
        return report.anchors.get(number, -1)
    table, row, column = cell_place(number)
    anchors = next((r.anchors for rows in report.tables for r in rows if (r.table, r.number) == (table, row)), ())
    return anchors[column] if column < len(anchors) else -1


def _paragraphs(document: bytes) -> dict[int, tuple[int, int]]:
    """Where each paragraph's words begin and end, by its number."""
    spans: dict[int, tuple[int, int]] = {}
    opened: list[tuple[int, int]] = []
    count = 0
    for token in TOKEN.finditer(document):
        if token["end"]:
            number, start = opened.pop() if opened else (-1, 0)
            spans[number] = (start, token.start())
        elif token["empty"] is not None:
            if not token["empty"]:
                opened.append((count, _behind_properties(document, token.end())))
            count += 1
    return spans


def _behind_properties(document: bytes, start: int) -> int:
    """A paragraph's properties come first; a tracked change of them holds others."""
    first = PROPERTIES.match(document, start)
    if first is None or first["end"]:
        return start
    depth, at = (0 if first["empty"] else 1), first.end()
    while depth and (found := PROPERTIES.search(document, at)):
        depth += -1 if found["end"] else 0 if found["empty"] else 1
        at = found.end()
    return at


def _marked(document: bytes, spans: Mapping[int, tuple[int, int]], anchors: Sequence[int], first: int) -> bytes:
    inserts: list[tuple[int, int, bytes]] = []
    for n, anchor in enumerate(anchors, first):
        start, end = spans[anchor]
        inserts.append((start, n, b'<w:commentRangeStart w:id="%d"/>' % n))
        inserts.append((end, n, b'<w:commentRangeEnd w:id="%d"/><w:r><w:commentReference w:id="%d"/></w:r>' % (n, n)))
    pieces, last = [], 0
    for at, _, insert in sorted(inserts, key=lambda i: i[:2]):
        pieces += [document[last:at], insert]
        last = at
    return b"".join([*pieces, document[last:]])


def _comment(number: int, text: str) -> str:
    return (
        f'<w:comment w:id="{number}" w:author="{AUTHOR}" w:initials="核算"><w:p><w:r><w:t xml:space="preserve">'
        f"{escape(clean(text))}</w:t></w:r></w:p></w:comment>"
    )


def _with(parts: Mapping[str, bytes], written: str) -> dict[str, bytes]:
    """The comments' part, and where there was none its two entries."""
    if COMMENTS in parts:
        head, end = parts[COMMENTS].rsplit(b"</w:comments>", 1)
        return {COMMENTS: head + written.encode() + b"</w:comments>" + end}
    relation = f'<Relationship Id="rIdAuditComments" Type="{KIND}" Target="comments.xml"/></Relationships>'
    override = f'<Override PartName="/{COMMENTS}" ContentType="{TYPE}"/></Types>'
    return {
        COMMENTS: f"{DECLARATION}<w:comments {W}>{written}</w:comments>".encode(),
        RELATIONS: parts[RELATIONS].replace(b"</Relationships>", relation.encode()),
        TYPES_PART: parts[TYPES_PART].replace(b"</Types>", override.encode()),
    }
