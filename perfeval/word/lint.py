"""Checks of a Word template's tags, paragraph by paragraph, before docxtpl touches it; and the tag {%合并 … %}.

docxtpl swallows text up to the next tag without an error and names no paragraph, so whatever it would misread is
refused here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
STATEMENT = re.compile(r"\{%-?(?P<level>p|tr|tc|r)?\s*(?P<word>[^\s%]+)")
MARK = re.compile(r"\{\{|\{%|\{#")
XML_TAG = re.compile(r"<[^>]*>")
TEXT = re.compile(r"(<w:t(?: [^>]*)?>)[^<]*(?=</w:t>)")
BRACE = re.compile(r"[{}｛｝﹛﹜]")
FULL_WIDTH = re.compile(r"[｛｝﹛﹜]|[{]％|％[}]")
MERGE = re.compile(r"\{%\s*合并\s+(?P<name>[\w.]+)\s*%\}")
TAKEN_OUT = (qn("w:del"), qn("w:moveFrom"))  # what nobody sees once the changes are accepted
REVISIONS = (
    *TAKEN_OUT,
    *map(qn, ("w:ins", "w:moveTo", "w:cellIns", "w:cellDel", "w:cellMerge", "w:numberingChange")),
    *(qn(f"w:{part}PrChange") for part in ("r", "p", "sect", "tbl", "tblEx", "tr", "tc")),
    qn("w:tblGridChange"),
)
ENDS = {"endif": "if", "endfor": "for"}
BRANCHES = {"elif": "if", "else": "if"}

# A template is written by hand. The standard report's tags have 5,000 characters, the longest 32. What is far beyond
# takes the libraries minutes.
TAG_CHARACTERS, TAG_LENGTH, PARAGRAPH_LENGTH = 100_000, 300, 20_000
SHOWN = 120  # characters of a paragraph in a message


class FaultyTagError(Exception):
    """A tag that cannot be used: why, and the text of its paragraph."""

    def __init__(self, reason: str, paragraph: str) -> None:
        super().__init__(reason)
        shown = paragraph.strip() if len(paragraph) <= SHOWN else f"{paragraph[:SHOWN]}…"
        self.what = f"：{reason}。所在段落：“{shown}”。"  # follows the template's name


@dataclass(frozen=True, slots=True)
class _Open:
    """An if or for that waits for its end."""

    word: str
    level: str
    paragraph: Any
    text: str

    def is_beside(self, paragraph: Any) -> bool:
        """Whether a tag in `paragraph` is in the same cell or body ({%p %}), the same table ({%tr %}), the same
        paragraph (plain)."""
        steps = {"": 0, "p": 1, "tr": 3}[self.level]
        return _ancestor(self.paragraph, steps) is _ancestor(paragraph, steps)


def lint(root: Any) -> None:
    """Raises FaultyTagError at the first tag of the part that docxtpl would misread: unpaired or full-width braces,
    open or crossed if/for.

    A comment and a tracked change are refused too: they would be in every report, and the annotated copy needs the
    comment's place.
    """
    _refuse_revisions(root)
    waiting: list[_Open] = []
    room = TAG_CHARACTERS
    _refuse_misplaced(root)
    for paragraph in root.iter(qn("w:p")):
        text = text_of(paragraph)
        if paragraph.find(f".//{qn('w:commentReference')}") is not None:
            raise FaultyTagError("这里有批注，会进入每一份报告，请先在 Word 中删除", text)
        if BRACE.search(text):
            _lint_braces(text)
            found = TAG.findall(text)
            room -= sum(len(tag) for tag in found if not tag.startswith("{#"))
            if room < 0:
                raise FaultyTagError(f"标签太多，到这里为止超过了 {TAG_CHARACTERS} 个字", text)
            for tag in found:
                _lint_tag(tag, paragraph, text, waiting)
            _close_in_line(waiting, paragraph)
    if waiting:
        raise FaultyTagError(f"{{% {waiting[-1].word} %}} 没有对应的 {{% end{waiting[-1].word} %}}", waiting[-1].text)


def _refuse_revisions(root: Any) -> None:
    """Which words hold is for their author to say. Quoted is what can be seen."""
    revision = next(root.iter(*REVISIONS), None)
    if revision is None:
        return
    paragraph = next(iter([*revision.iterancestors(qn("w:p")), *revision.iter(qn("w:p"))]), revision)
    seen = (piece for piece in _pieces(paragraph) if next(piece.iterancestors(*TAKEN_OUT), None) is None)
    raise FaultyTagError(
        "这里有修订标记，会进入每一份报告，请先在 Word 中点“审阅”，接受或拒绝全部修订",
        "".join(piece.text or "" for piece in seen),
    )


def _refuse_misplaced(root: Any) -> None:
    """A tag belongs in the words of a paragraph: one in a field, a formula, an attribute or a comment of the XML could
    write more than words."""
    if _has_misplaced(root):
        innermost = next((p for p in reversed(list(root.iter(qn("w:p")))) if _has_misplaced(p)), root)
        raise FaultyTagError(
            "标签写在了域代码、公式、图片说明等地方，只能写在正文、表格、页眉页脚、脚注或文本框的文字里",
            text_of(innermost),
        )
    for piece in _pieces(root):
        if "{" in (piece.text or "") and paragraph_of(piece) is piece:
            raise FaultyTagError("标签写在了段落以外", piece.text)


def _has_misplaced(element: Any) -> bool:
    outside = TEXT.sub(r"\1", etree.tostring(element, encoding="unicode", with_tail=False))
    return bool(MARK.search(outside) or MARK.search(XML_TAG.sub("", outside)))


def paragraph_of(element: Any) -> Any:
    """The innermost paragraph around an element; the element where there is none."""
    return next(element.iterancestors(qn("w:p")), element)


def _lint_braces(text: str) -> None:
    if len(text) > PARAGRAPH_LENGTH:
        raise FaultyTagError(f"这一段太长，超过了 {PARAGRAPH_LENGTH} 个字", text)
    if FULL_WIDTH.search(text):
        raise FaultyTagError("标签用了全角的花括号或百分号，应当用半角的 {{ }} 和 {% %}", text)
    if re.search(r"[{}]", TAG.sub("", text)):
        raise FaultyTagError("标签的花括号不成对", text)


def _lint_tag(tag: str, paragraph: Any, text: str, waiting: list[_Open]) -> None:
    if not tag.startswith("{#") and len(tag) > TAG_LENGTH:
        raise FaultyTagError(f"标签太长，超过了 {TAG_LENGTH} 个字", text)
    if re.match(r"\{\{(p|tr|tc|r)\s", tag):
        raise FaultyTagError(f"不支持标签 {tag}", text)
    if not tag.startswith("{%") or MERGE.fullmatch(tag):
        return
    found = STATEMENT.match(tag)
    level, word = (found["level"] or "", found["word"]) if found else ("", "")
    if level in ("tc", "r") or word not in {"if", "for", *ENDS, *BRANCHES}:
        raise FaultyTagError(f"不支持标签 {tag}", text)
    _lint_alone(tag, level, paragraph, text)
    if word in ("if", "for"):
        waiting.append(_Open(word, level, paragraph, text))
    else:
        _lint_end(tag, word, level, paragraph, text, waiting)


def _lint_alone(tag: str, level: str, paragraph: Any, text: str) -> None:
    """{%p %} removes its whole paragraph and {%tr %} its whole row: other words there would vanish."""
    if level == "p" and text.strip() != tag:
        raise FaultyTagError(f"标签 {tag} 要单独成一段，同段的其他文字会丢失", text)
    if level == "tr":
        row = next((a for a in paragraph.iterancestors(qn("w:tr"))), None)
        if row is None or text_of(row).strip() != tag:
            raise FaultyTagError(f"标签 {tag} 要单独占表格的一行，同行的其他文字会丢失", text)


def _lint_end(tag: str, word: str, level: str, paragraph: Any, text: str, waiting: list[_Open]) -> None:
    expected = ENDS.get(word) or BRANCHES[word]
    if not waiting or (waiting[-1].word != expected and not (word == "else" and waiting[-1].word == "for")):
        still_open = f"；它前面的“{waiting[-1].text}”还没有写 {{% end{waiting[-1].word} %}}" if waiting else ""
        raise FaultyTagError(f"标签 {tag} 没有对应的 {{% {expected} %}}{still_open}", text)
    opened = waiting[-1]
    if opened.level != level:
        raise FaultyTagError(
            f"标签 {tag} 与开头的 {{%{opened.level} {opened.word} %}} 写法不一致，p、tr 要前后相同", text
        )
    if not opened.is_beside(paragraph):
        raise FaultyTagError(
            f"标签 {tag} 与开头的 {{%{opened.level} {opened.word} %}} 不在同一段、同一单元格或同一张表", text
        )
    if word in ENDS:
        waiting.pop()


def _close_in_line(waiting: list[_Open], paragraph: Any) -> None:
    """A plain {% if %} ends in its own paragraph; one over several paragraphs is written {%p if %}."""
    if waiting and waiting[-1].level == "" and waiting[-1].paragraph is paragraph:
        opened = waiting[-1]
        raise FaultyTagError(
            f"{{% {opened.word} %}} 在本段内没有结束；跨段的要写成 {{%p {opened.word} … %}}", opened.text
        )


def apply_merges(root: Any) -> None:
    """Turns {%合并 条件 %} in a cell into a vertical merge: true starts a merged cell, false continues the one above and
    drops the text.

    The element goes to its place in the schema; docxtpl's own {% vm %} puts it last, which is invalid beside w:vAlign.
    """
    for cell in root.iter(qn("w:tc")):
        pieces = list(_pieces(cell))
        found = MERGE.search("".join(p.text or "" for p in pieces))
        if found:
            _cut(pieces, found.start(), found.end())
            merge = cell.get_or_add_tcPr().get_or_add_vMerge()
            merge.set(qn("w:val"), f"{{% if {found['name']} %}}restart{{% else %}}continue{{% endif %}}")
            pieces[0].text = f"{{% if {found['name']} %}}{pieces[0].text or ''}"
            pieces[-1].text = f"{pieces[-1].text or ''}{{% endif %}}"


def _cut(pieces: list[Any], start: int, end: int) -> None:
    """Removes characters start…end of the joined text, which Word may have split over several runs."""
    position = 0
    for piece in pieces:
        text = piece.text or ""
        kept = "".join(c for i, c in enumerate(text, position) if not start <= i < end)
        position += len(text)
        piece.text = kept


def _ancestor(element: Any, steps: int) -> Any:
    for _ in range(steps):
        element = element.getparent()
    return element


def _pieces(element: Any) -> Iterator[Any]:
    yield from element.iter(qn("w:t"))


def text_of(element: Any) -> str:
    """The words in an element."""
    return "".join(piece.text or "" for piece in _pieces(element))
