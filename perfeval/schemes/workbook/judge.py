"""The rules' faults as findings: each at the cell its key comes from, in the workbook's own words, follow-ons left
out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from perfeval.findings.catalogue import make, quote
from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import Cell, CellRef
from perfeval.model.regulation import METHOD_NAMES, Method
from perfeval.rules.faults import Fault
from perfeval.schemes.words import (
    BOUND_WORDS,
    KIND_WORDS,
    PARAMETER_NAMES,
    PARAMETER_WORDS,
    SETTING_NAMES,
    THRESHOLD_NAMES,
    Names,
)
from perfeval.schemes.workbook.draft import Draft
from perfeval.schemes.workbook.sheets import CAPS, CONDITIONS, CRITERIA, HEAD, ITEMS, SHEETS, STEPS, WAYS

SUMS = re.compile(r"(items .* 的下级|最上一级的) (max_points|share)")
LIST_SUMS = {
    "parameters.conditions 的各扣分": ("conditions", "item", "points"),
    "parameters.criteria 的各 points": ("criteria", "item", "points"),
}
LISTS = {"steps": STEPS.name, "conditions": CONDITIONS.name, "criteria": CRITERIA.name, "alternatives": WAYS.name}
LIST = re.compile(rf"\b({'|'.join(LISTS)})$")
FORMULA = re.compile(r"facts .* 的 (formula( 第 (\d+) 个字)?|kind)")
KIND = re.compile(rf"\b({'|'.join(KIND_WORDS)})\b(（({'|'.join(KIND_WORDS.values())})）)?")  # rate, rate（比率）
NO_NAME = "没有的数据名"
SUMMED = {"max_points": "分值", "share": "占上级的百分比"}
TREE = re.compile(r"items .* 的 (id|parent)")
WORD = re.compile(r"\[*[A-Za-z_]+(?:\.[A-Za-z_0-9]+)*\]*")
OF_METHOD = re.compile(rf"方法 ({'|'.join(METHOD_NAMES)})\b")  # 要点计分 is a method, criteria are a sheet too
PARAMETERS = ITEMS.field("parameters").label
METHOD_COLUMNS = tuple(ITEMS.field(key).label for key in ("method", "source", "denominator", "parameters"))
AS_IT_STANDS = re.compile(r"是“[^”]*”")
BOUNDARY = (" ", ".", "的", "")
WORDS = {
    **{f.key: f.label for f in HEAD.fields},
    **{f.key: f.label for f in ITEMS.fields},
    **{name: f"“{words}”" for name, words in THRESHOLD_NAMES.items()},
    **SETTING_NAMES,
    **PARAMETER_NAMES,
    **{f"parameters.{name}": words for name, words in PARAMETER_NAMES.items()},
    **{str(method): f"“{name}”" for method, name in METHOD_NAMES.items()},
    **{word: shown for words in PARAMETER_WORDS.values() for word, shown in words.items()},
    "name": "名称", "items": "“指标”表", "grades": "“等级”表", "indicators": "“绩效指标规则”表", "thresholds": "“核对界限”表",
    "entry_deadline": "“入库截止日”表", "progress_marks": "“支出进度要求”表", "conditions": "“扣分条件”表", "steps": "“分档”表",
    "inputs": "数据来源", "inputs.denominator": "分母", "inputs.value": "数据来源", "inputs.numerator": "数据来源",
    "inputs.count": "数据来源", "inputs.bad": "数据来源", "inputs.declared": "数据来源", "lower": "下限", "upper": "上限",
    "up_to": "不超过", "from": "不低于",
    "points": "得分", "input": "数据来源", "month": "月", "day": "日", "share": "比例", "value": "界限", "action": "处理",
    "above": "超过", "below": "不足", "TOML": "", "explain": "只要求说明", "deduct": "扣分", "scale": "定性等次或折减",
    "proportional": "“按逾期天数扣”", "alternatives": "“择一办法”表", "criteria": "“要点”表", "caps": "“封顶”表", "total": "总分",
    "on": "对象", "outline": "“报告各节”表", "sections": "“报告各节”表", "projects": "写项目", "title": "标题", "report": "报告名称",
     "when": "界限", "text": "要点",
}  # fmt: skip
QUOTED = re.compile(r"“([^”]*)”|perfeval explain --all")
LOOSE = re.compile(
    r"“[^”]*”|(?<=[一-鿿”（）]) (?=[一-鿿“（）])"
)  # a quotation, or a space that was beside an English word


def judged(made: Draft, faults: Sequence[Fault], reported: Iterable[Finding]) -> Iterator[Finding]:
    """A finding for each fault that is not the consequence of another, one a cell."""
    silent = {
        ref for f in reported if f.severity is not Severity.NOTICE for ref in (f.ref, *f.related) if ref
    } | made.reported
    lacking = [
        f for f in reported if f.ref and f.code.startswith(("SHEET_00", "COLUMN_")) and f.severity is Severity.ERROR
    ]
    gone = {
        name for f in lacking for name in (f.ref.sheet if f.ref else "", f.expected)
    }  # a misspelt sheet by the name it should have
    is_tree_broken = any(TREE.fullmatch(f.key) for f in faults) or any(
        row["id"].ref in silent for row in made.sheets["items"].rows
    )
    for fault in faults:
        cell = place(made, fault.key)
        if cell is None or cell.ref in silent or cell.ref.sheet in gone or ITEMS.name in gone:
            continue
        if SUMS.fullmatch(fault.key) and (is_tree_broken or _has_silent(made, silent, "items", "max_points", "share")):
            continue
        if _follows(made, fault, silent) or _listed_on(fault) in gone:
            continue
        silent.add(cell.ref)
        yield _finding(made, fault, cell)


def _follows(made: Draft, fault: Fault, silent: set[CellRef]) -> bool:
    """Whether a fault comes from a cell that is reported: a part of a sum, a name or its kind."""
    if any(fault.key.endswith(end) and _has_silent(made, silent, *parts) for end, parts in LIST_SUMS.items()):
        return True
    if made.is_lacking_names and NO_NAME in fault.found:
        return True
    return FORMULA.search(fault.key) is not None and any(
        _has_silent(made, silent, name, "key", "kind") for name in ("inputs", "facts")
    )


def _listed_on(fault: Fault) -> str:
    """The sheet whose rows are missing of an item, "" for another fault."""
    found = LIST.search(fault.key)
    return LISTS[found[1]] if found else ""


def _has_silent(made: Draft, silent: set[CellRef], sheet: str, *columns: str) -> bool:
    """Whether one of those cells cannot be read: what comes from all of them is not compared then."""
    return any(row[name].ref in silent for row in made.sheets[sheet].rows for name in columns)


def place(made: Draft, key: str) -> Cell[object] | None:
    """The cell a key comes from: that of the longest known beginning of it; the first sheet's where none is."""
    fits = (
        known
        for known in made.places
        if known and key.startswith(known) and key[len(known) : len(known) + 1] in BOUNDARY
    )
    best = max(fits, key=len, default=None)
    return made.places[best] if best else made.sheets["head"].header()


def _finding(made: Draft, fault: Fault, cell: Cell[object]) -> Finding:
    if formula := FORMULA.fullmatch(fault.key):
        return _of_formula(fault, cell, formula[3])
    words = {**WORDS, **BOUND_WORDS} if cell.ref.sheet == CAPS.name else WORDS
    state, expected = (in_words(text, made.names, words) for text in (fault.found, fault.expected))
    if AS_IT_STANDS.fullmatch(fault.found) and cell.raw and cell.label != PARAMETERS:
        state = f"是“{quote(cell.raw)}”"  # as the page shows it: 500% where the file says 5
    if total := SUMS.fullmatch(fault.key):
        of = "最上一级的" if total[1] == "最上一级的" else "下级的"
        return make("REGULATION_002", cell, expected=expected, state=state, what=f"{of}{SUMMED[total[2]]}")
    last = fault.key.rsplit(" 的 ", 1)[-1]
    known = words.get(last, "")
    name = f"{known}：" if known and known != cell.label else ""
    return make("REGULATION_001", cell, expected=expected, state=state, key=name, how=_how(cell))


def _of_formula(fault: Fault, cell: Cell[object], at: str | None) -> Finding:
    """The names in it are those that formulas are written with; only the kinds have words of their own here."""
    state, expected = (KIND.sub(lambda kind: KIND_WORDS[kind[1]], text) for text in (fault.found, fault.expected))
    return make(
        "REGULATION_001", cell, expected=expected, state=state, key=f"第 {at} 个字：" if at else "", how=_how(cell)
    )


def _how(cell: Cell[object]) -> str:
    """What the sheet's declaration says of a cell, and where the methods are explained."""
    sheet = next(sheet for sheet in SHEETS if sheet.name == cell.ref.sheet)
    label = cell.label.removeprefix(
        f"{next((row.label for row in sheet.rows if cell.label.startswith(row.label)), '')} "
    )
    help_text = next((field.help for field in sheet.fields if field.label == label and field.help), sheet.guide).rstrip(
        "。"
    )
    is_of_method = sheet in (STEPS, CONDITIONS, CRITERIA, WAYS) or (sheet is ITEMS and label in METHOD_COLUMNS)
    return f"填法：{help_text}。" + ("各方法要填什么见“方法说明”表。" if is_of_method else "")


def in_words(text: str, named: Names, words: Mapping[str, str] = WORDS) -> str:
    """Key names outside quotation marks in the workbook's words: `方法 graded 需要的参数` → 方法“分级评分”需要的参数; of what is quoted,
    data names only, which are `named`."""
    parts, end = [], 0
    for quoted in QUOTED.finditer(text):
        name = named.get(quoted[1] or "")
        parts += [_translated(text[end : quoted.start()], named, words), f"“{name}”" if name else quoted[0]]
        end = quoted.end()
    joined = "".join([*parts, _translated(text[end:], named, words)]).replace("不认识的键", "用不到的内容").strip()
    return LOOSE.sub(lambda found: "" if found[0] == " " else found[0], joined)


def _translated(text: str, named: Names, words: Mapping[str, str]) -> str:
    def shown(found: re.Match[str]) -> str:
        word = found[0].strip("[]")
        return f"“{named[word]}”" if word in named else words.get(word, found[0])

    return WORD.sub(shown, OF_METHOD.sub(lambda found: f"方法“{METHOD_NAMES[Method(found[1])]}”", text))
