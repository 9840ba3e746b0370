"""The parts of a Word template but its text: styles, page set-up and footers after GB/T 9704—2012, and the package
around them."""

from datetime import date

from perfeval.excel.zips import write_zip
from perfeval.word.template import DECLARATION, Properties, core_properties

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TEMPLATE_DAY = date(2026, 1, 1)  # a fixed day: the same code writes the same bytes

FANGSONG, HEITI, KAITI, SONGTI, XIAOBIAOSONG = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"
# 22 lines of 28.95 pt fill 225 mm (29 pt gives 21); 28 characters of 16 pt − 0.25 pt fill 156 mm (−0.2 pt gives 27).
LINE, SPACING = 579, -5
TWO_CHARACTERS = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
NO_INDENT = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'

PORTRAIT = (
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="1446" w:gutter="0"/>'
)
LANDSCAPE = (
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="1587" w:right="1984" w:bottom="1984" w:left="2098" w:header="851" w:footer="1446" w:gutter="0"/>'
)
PORTRAIT_WIDTH, LANDSCAPE_WIDTH = 8844, 12756  # of the text, in twips: 156 mm and 225 mm
FOOTERS = '<w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>'


def section(page: str, footers: bool = False) -> str:
    """A section's properties; later sections inherit the footers of the first."""
    return f'<w:sectPr>{FOOTERS if footers else ""}{page}<w:cols w:space="425"/></w:sectPr>'


def _fonts(font: str) -> str:
    return f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="Times New Roman"/>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{points * 2:g}"/><w:szCs w:val="{points * 2:g}"/>'


def _style(style: str, name: str, paragraph: str, run: str, based_on: str = "Normal") -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style}"><w:name w:val="{name}"/><w:basedOn'
        f' w:val="{based_on}"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )


def _heading(level: int, font: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/><w:basedOn'
        ' w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:outlineLvl'
        f' w:val="{level - 1}"/></w:pPr><w:rPr>{_fonts(font)}</w:rPr></w:style>'
    )


TABLE_LINE = '<w:spacing w:before="0" w:after="0" w:line="320" w:lineRule="exact"/>'
TABLE_RUN = f'<w:spacing w:val="0"/>{_size(10.5)}'

STYLES = "".join(
    [
        f"{DECLARATION}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(FANGSONG)}{_size(16)}",
        (
            '<w:lang w:val="en-US" w:eastAsia="zh-CN"'
            ' w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        ),
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>',
        (
            f'<w:pPr><w:widowControl w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{LINE}"'
            f' w:lineRule="exact"/>{TWO_CHARACTERS}'
        ),
        (
            f'<w:jc w:val="both"/></w:pPr><w:rPr>{_fonts(FANGSONG)}<w:spacing'
            f' w:val="{SPACING}"/>{_size(16)}</w:rPr></w:style>'
        ),
        (
            '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority'
            ' w:val="99"/>'
        ),
        (
            '<w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0"'
            ' w:type="dxa"/>'
        ),
        (
            '<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108"'
            ' w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        ),
        _heading(1, HEITI),
        _heading(2, KAITI),
        _heading(3, FANGSONG),
        _style(
            "ReportTitle",
            "公文标题",
            f'<w:spacing w:before="0" w:after="{LINE}" w:line="640" w:lineRule="exact"/>{NO_INDENT}<w:jc'
            ' w:val="center"/>',
            f'{_fonts(XIAOBIAOSONG)}<w:spacing w:val="0"/>{_size(22)}',
        ),
        _style(
            "AnnexTitle",
            "附表标题",
            f'<w:keepNext/><w:spacing w:before="0" w:after="120" w:line="640" w:lineRule="exact"/>{NO_INDENT}<w:jc'
            ' w:val="center"/>',
            f'{_fonts(XIAOBIAOSONG)}<w:spacing w:val="0"/>{_size(22)}',
        ),
        _style("AnnexMark", "附表标识", f"<w:keepNext/>{NO_INDENT}", _fonts(HEITI)),
        _style("AnnexYear", "附表年度", f'<w:keepNext/>{NO_INDENT}<w:jc w:val="center"/>', ""),
        _style("UnitLine", "单位行", f'<w:keepNext/>{NO_INDENT}<w:jc w:val="right"/>', _size(10.5)),
        _style(
            "Signature",
            "落款",
            '<w:keepNext/><w:ind w:rightChars="200" w:right="640" w:firstLineChars="0" w:firstLine="0"/><w:jc'
            ' w:val="right"/>',
            "",
        ),
        _style("TableText", "表格文字", f'{TABLE_LINE}{NO_INDENT}<w:jc w:val="left"/>', TABLE_RUN),
        _style("TableCentre", "表格居中", '<w:jc w:val="center"/>', "", "TableText"),
        _style("TableHead", "表格表头", '<w:jc w:val="center"/>', _fonts(HEITI), "TableText"),
        _style(
            "Sliver",
            "表间",
            f'<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>{NO_INDENT}',
            _size(1),
        ),
        _style(
            "PageNumber",
            "页码",
            f'<w:spacing w:line="280" w:lineRule="exact"/>{NO_INDENT}',
            f'{_fonts(SONGTI)}<w:spacing w:val="0"/>{_size(14)}',
        ),
        _style("Tag", "模板标签", f"{TABLE_LINE}{NO_INDENT}", f'<w:color w:val="7F7F7F"/>{TABLE_RUN}'),
        "</w:styles>",
    ]
)

SETTINGS = (
    f'{DECLARATION}<w:settings {W}><w:zoom w:percent="100"/><w:defaultTabStop'
    ' w:val="420"/><w:evenAndOddHeaders/><w:characterSpacingControl'
    ' w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode"'
    ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-US"'
    ' w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)


def _footer(side: str, indent: str) -> str:
    """The page number between 一字线, one character in from the outer edge: — 1 —"""
    return (
        f'{DECLARATION}<w:ftr {W}><w:p><w:pPr><w:pStyle w:val="PageNumber"/><w:ind {indent} w:firstLineChars="0"'
        f' w:firstLine="0"/><w:jc w:val="{side}"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r><w:r><w:fldChar'
        ' w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE'
        ' </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar'
        ' w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>'
    )


CONTENT_TYPES = (
    f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
    ' ContentType="application/xml"/><Override PartName="/word/document.xml"'
    f' ContentType="{TYPES}.document.main+xml"/><Override PartName="/word/styles.xml"'
    f' ContentType="{TYPES}.styles+xml"/><Override PartName="/word/settings.xml"'
    f' ContentType="{TYPES}.settings+xml"/><Override PartName="/word/footer1.xml"'
    f' ContentType="{TYPES}.footer+xml"/><Override PartName="/word/footer2.xml"'
    f' ContentType="{TYPES}.footer+xml"/><Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
ROOT_RELATIONS = (
    f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2"'
    f' Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>'
)
DOCUMENT_RELATIONS = (
    f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/settings" Target="settings.xml"/>'
    f'<Relationship Id="rId4" Type="{OFFICE}/footer" Target="footer1.xml"/>'
    f'<Relationship Id="rId5" Type="{OFFICE}/footer" Target="footer2.xml"/></Relationships>'
)


def package(body: str, kind: str, properties: Properties | None = None) -> bytes:
    """A .docx around the body's XML; `kind` goes into the document property that names the template's kind (类别).

    `properties` are those of a finished document; a template has its own.
    """
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": ROOT_RELATIONS,
        "word/document.xml": f"{DECLARATION}<w:document {W} {R}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONS,
        "word/styles.xml": STYLES,
        "word/settings.xml": SETTINGS,
        "word/footer1.xml": _footer("right", 'w:rightChars="100" w:right="280"'),
        "word/footer2.xml": _footer("left", 'w:leftChars="100" w:left="280"'),
    }
    encoded = {name: text.encode() for name, text in parts.items()}
    chosen = properties or Properties(f"{kind}模板", "perfeval", kind, TEMPLATE_DAY)
    return write_zip(encoded | {"docProps/core.xml": core_properties(chosen)})
