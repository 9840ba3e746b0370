"""The plain cells taken out of a worksheet before the XML parser sees it: nothing it says, and nothing it refuses, may
change by that."""

import io
import zipfile
from pathlib import Path

import pytest
from places import ROOT

from perfeval.excel import scan
from perfeval.excel.guard import Refused
from perfeval.excel.plain import take_plain

EXAMPLES = sorted((ROOT / "input_templates").glob("*.xlsx"))
HEAD, TAIL = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet><cols><col min="1"/></cols>',
    b'<mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>',
)
A1 = b'<c r="A1" s="3"><v>1.5</v></c>'
B1 = b'<c r="B1" t="s"><v>7</v></c>'


def sheet(body: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    return HEAD + before + b"<sheetData>" + body + b"</sheetData>" + after + TAIL


def reported(data: bytes) -> object:
    """What the scan says of a part, or the code it refuses it with."""
    try:
        return scan.scan_sheet(data, "项目")
    except Refused as refused:
        return refused.finding.code, refused.finding.message


def reported_by_the_parser_alone(data: bytes, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patched:
        patched.setattr(scan, "take_plain", lambda *_: None)
        return reported(data)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_reported_the_same(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(io.BytesIO(example.read_bytes())) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    for data in sheets:
        assert reported(data) == reported_by_the_parser_alone(data, monkeypatch)


def test_plain_cells_are_taken_out_with_place_and_style() -> None:
    plain = take_plain(
        sheet(b'<row r="1">' + A1 + B1 + b'<c r="AA1" t="e"><v>#N/A</v></c></row>'), 20_000, 200, 500_000
    )
    assert plain is not None
    assert plain.styles == {(1, 1): 3, (1, 2): 0}
    assert plain.text_cells
    assert plain.rest == sheet(b'<row r="1"><c r="AA1" t="e"><v>#N/A</v></c></row>')


def test_formulas_are_taken_out_with_their_text() -> None:
    cells = (
        b'<c r="A1" s="2"><f>IF(B1&lt;&gt;"","&amp;lt;",1)</f><v>1</v></c>'
        + '<c r="B1" t="str"><f>"合计"&amp;A1</f><v>合计1</v></c>'.encode()
        + b'<c r="C1" t="str"><f>""</f><v></v></c>'
    )
    never, shared = b'<c r="D1"><f>A1</f><v></v></c>', b'<c r="E1"><f t="shared" si="0"/><v>1</v></c>'
    plain = take_plain(sheet(b'<row r="1">' + cells + never + shared + b"</row>"), 20_000, 200, 500_000)
    assert plain is not None
    assert plain.formulas == {(1, 1): 'IF(B1<>"","&lt;",1)', (1, 2): '"合计"&A1', (1, 3): '""', (1, 4): "A1"}
    assert plain.uncalculated == {(1, 4)}
    assert plain.styles == {(1, 1): 2, (1, 2): 0, (1, 3): 0, (1, 4): 0}
    assert plain.rest == sheet(b'<row r="1">' + shared + b"</row>")


@pytest.mark.parametrize(
    "data",
    [
        sheet(b"<row>" + A1 + b"</row>"),  # a row without its number
        sheet(b'<row r="1">' + A1 + b"<c><v>2</v></c></row>"),  # a cell without its place
        sheet(b'<row r="1"><!--' + A1 + b"--></row>"),
        sheet(b'<row r="1"><![CDATA[' + A1 + b"]]></row>"),
        sheet(b'<row r="1"><?x ' + A1 + b"?></row>"),
        sheet(b'<row r="1"><c r="A30000"><v>1</v></c></row>'),  # FILE_010
        sheet(b'<row r="1"><c r="ZZ1"><v>1</v></c></row>'),
        sheet('<row r="1"><c r="A1" t="str"><f>B1</f><v>￥</v></c></row>'.encode()),
        sheet(b'<row r="1"><c r="A1" t="str"><f>B1</f><v>\xef\xbf\xbf</v></c></row>'),
        sheet(b'<row r="1"><c r="A1" t="str"><f>B1</f><v>\xff</v></c></row>'),
        A1 + b"<x/>",  # no sheetData at all
    ],
)
def test_where_a_plain_cell_cannot_be_known_the_parser_sees_every_one(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert take_plain(data, scan.LAST_ROW, scan.LAST_COLUMN, scan.VALUE_CELLS) is None
    assert reported(data) == reported_by_the_parser_alone(data, monkeypatch)


@pytest.mark.parametrize(
    "data",
    [
        sheet(b'<row r="1" x="' + A1 + b'"></row>'),  # in an attribute, where < is an error
        sheet(b'<row r="1" x=">' + A1 + b'"></row>'),
        sheet(b'<row r="1"' + A1 + b"></row>"),
        sheet(b'<row r="1">' + A1 + b"</raw>"),
        sheet(b"<row r='1'><c r='A1'><v>1</v></c></row>"),
        sheet(b'<row r="1"><c r="A1" t="s"><v>x</v></c></row>'),  # no index of a shared text
        sheet(b'<row r="1"><c r="A1"><v>\x00</v></c></row>'),
        sheet(b'<row r="1"><c r="A1" t="str"><f>B1</f><v>\x01</v></c></row>'),
        sheet(b'<row r="1"><c r="A1"><f>B1&nbsp;</f><v>1</v></c></row>'),
        sheet(b'<row r="1"><c r="A1"><f>B1]]></f><v>1</v></c></row>'),
        sheet(
            b'<row r="1"><c r="A1" t="e"><f>B1</f><v>#N/A</v></c><c r="B1"><f>A1&gt;2</f><v>3</v></c><c'
            b' r="C1"><f></f><v>3</v></c></row>'
        ),
        sheet(b'<row r="1">' + A1 + b"\xff</row>"),
        sheet(b'<row r="1">' + b"<x>" * 70 + A1 + b"</x>" * 70 + b"</row>"),
        sheet(b'<row r="1"/>', after=A1),  # behind sheetData
        sheet(b"</sheetData></worksheet>" + A1 + b"<x/>"),
        sheet(
            b'<row r="2" hidden="1">'
            + A1.replace(b"A1", b"A2")
            + b'<c r="B2"><f>A2*2</f><v>3</v></c><c r="C2"><f>A2</f><v></v></c></row>'
        ),
    ],
)
def test_damage_is_refused_and_the_rest_reported_as_by_the_parser_alone(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reported(data) == reported_by_the_parser_alone(data, monkeypatch)


def test_too_many_values_are_refused_whoever_counts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "VALUE_CELLS", 3)
    data = sheet(b'<row r="1">' + A1 + B1 + b'<c r="C1" t="str"><v>x</v></c><c r="D1" t="str"><v>x</v></c></row>')
    assert reported(data) == reported_by_the_parser_alone(data, monkeypatch)
    assert isinstance(reported(data), tuple)
