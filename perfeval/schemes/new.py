"""A county's own regulation, begun as a copy of another: five answers → a folder that lints."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from perfeval.errors import UsageError
from perfeval.model.names import odd_characters, plain_signs, visible
from perfeval.model.regulation import Confidence, Regulation
from perfeval.output import files
from perfeval.output.seal import sealed_text
from perfeval.rules.load import FILE, whole_copy
from perfeval.schemes.workbook.toml import toml_text

PLACE = re.compile(r"[一-鿿]{2,}")
MOST_CHARACTERS = 80
FIRST_YEAR, LAST_YEAR = 2000, 2100
NO_NUMBER = frozenset({"", "无", "-", "—", "/", "没有", "暂无"})
NOTE = "抄自 {base}（{title}）：文件名称和文号由本单位填写；分值、评分办法、等级界限没有与本文件逐项核对，核对后把核定状态改为“已核”。"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the option's name, the words, an example, answer → value, what is listed before. `read` raises
    UsageError."""

    name: str
    label: str
    example: str
    read: Callable[[str], str]
    listed: str = ""


def _line(text: str) -> str:
    text = " ".join(visible(text).split())
    if odd := odd_characters(text):
        raise UsageError(f"“{text}”里{odd}")
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"写了 {len(text)} 个字，最多 {MOST_CHARACTERS} 个字。", "请写全称，不写说明。")
    return text


def _county(text: str) -> str:
    name = _line(text).replace(" ", "")
    if not PLACE.fullmatch(name):
        raise UsageError(
            f"县名“{name}”不能用：只写汉字，不写“/”等符号，也不能空着。", "写行政区划的全称，如 四川省乐山市金口河区。"
        )
    return name


def _document(text: str) -> str:
    name = _line(text).strip("《》")
    if not name or re.search(r"[/\\《》]", name):
        raise UsageError(
            f"文件名称“{text.strip()}”不能用：不能空着，不写“/”和里层的书名号。",
            "写文件的全名，如 青禾县部门整体绩效评价办法。",
        )
    return f"《{name}》"


def _number(text: str) -> str:
    number = _line(text)
    return "" if number in NO_NUMBER else number


def _year(text: str) -> str:
    year = plain_signs(text).strip().removesuffix("年度").removesuffix("年")
    if not re.fullmatch("[0-9]{4}", year) or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise UsageError(
            f"年度“{text.strip()}”不能用：应是 {FIRST_YEAR} 到 {LAST_YEAR} 之间的四位数。", "写评价年度，如 2026。"
        )
    return year


def questions(regulations: Mapping[str, Regulation]) -> tuple[Question, ...]:
    """In the order they are asked."""

    def base(text: str) -> str:
        wanted, ids = plain_signs(text).strip(), list(regulations)
        chosen = ids[int(wanted) - 1] if wanted.isdecimal() and 0 < int(wanted) <= len(ids) else wanted
        if chosen not in regulations:
            raise UsageError(f"没有编号为“{text.strip()}”的指标体系。", f"可用的有：{'、'.join(ids)}。")
        return chosen

    listed = "\n".join(f"  {n} {r.id}　{r.title}" for n, r in enumerate(regulations.values(), 1))
    return (
        Question("county", "县名", "行政区划全称，如 某省某市青禾县", _county),
        Question("document", "文件名称", "如 《青禾县部门整体绩效评价办法》", _document),
        Question("number", "文号", "还没有的直接回车", _number),
        Question("year", "年度", "从哪个评价年度起用，如 2026", _year),
        Question("base", "从哪一个改起", "写上面的编号或序号", base, f"可用的指标体系：\n{listed}\n"),
    )


def refuse_taken(folder: Path) -> None:
    """Raises UsageError where something is there already: a new regulation replaces nothing."""
    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise UsageError(f"“{folder}”已经存在，没有覆盖。", "请换一个文件夹名，或者先移走原来的。")


def write_scheme(
    folder: Path, answers: Mapping[str, str], regulations: Mapping[str, Regulation], extra: Path | None
) -> str:
    """Writes `folder`/regulation.toml; returns what the operator sees. Raises UsageError, OutputError."""
    base = regulations[answers["base"]]
    county, year = answers["county"], answers["year"]
    raw = {
        "id": f"{county}-{base.kind}-{year}",
        "title": f"{county}{base.kind}绩效自评（{year}年度起）",
        "issuer": county,
        "document": answers["document"],
        "document_number": answers["number"],
        "region": county,
        "effective_from": date(int(year), 1, 1),
        "clause": answers["document"],
        "confidence": str(Confidence.READ),
        "source_note": NOTE.format(base=base.id, title=base.title),
    }
    if raw["id"] in regulations:
        raise UsageError(f"已经有编号为“{raw['id']}”的指标体系。", "请换一个年度，或者直接修改原来的。")
    refuse_taken(folder)
    text = toml_text(whole_copy({**raw, "extends": base.id}, extra))
    shown = f'"{folder}"' if " " in str(folder) else str(folder)
    files.write_file(folder, FILE, sealed_text(text.encode()))
    return "\n".join(
        (
            f"已写出 {folder / FILE}：编号 {raw['id']}。",
            f"填报模板：perfeval template --regulation {shown} --year {year} -o 模板",
            f"修改分值和方法：perfeval regulation export {shown} -o 指标体系.xlsx，改好后用 perfeval regulation import 导入。",
            f"出报告：perfeval report input -o output --regulations {shown}",
        )
    )
