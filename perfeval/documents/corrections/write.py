"""整改对照表.docx: what was asked of a version, which cells were changed for it, what that did to the score; in the official
format."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from perfeval.documents.corrections.answers import UNCHANGED, Answer, Answers, Response, Shown, shown
from perfeval.documents.corrections.effects import moved
from perfeval.documents.evaluation import Evaluation
from perfeval.findings.finding import Severity
from perfeval.findings.render import count
from perfeval.model.numbers import show_points
from perfeval.model.scorecard import ProjectScore, Scorecard
from perfeval.model.text import clean, version_name
from perfeval.word.names import MAY_BE_BLANK, Names
from perfeval.word.template import Properties, shipped_template

KIND = "整改对照表"
CELL = {"单元格": "", "原来": "", "现在": "", "得分影响": ""}
NAMES: Names = {  # of the template: the kind's own in `perfeval/word/templates`
    "标题": "",
    "原版": "第1版",
    "新版": "第2版",
    "总体情况": ["一句话"],
    "整改情况": "",
    "逐条对照": [{**CELL, "首行": "一条的第一行", "序号": "", "问题": "", "回应情况": ""}],
    "其他改动": [{**CELL, "序号": "", "备注": MAY_BE_BLANK}],
    "没有列出": MAY_BE_BLANK,
    "公式": f"多少个单元格的公式没有动，{MAY_BE_BLANK}",
    "未回应": "",
}
BLANK, FORMULA, SPACES_ONLY = "（空白）", "公式的结果", "（只有空格或换行不同）"
LONGEST, AROUND = (
    80,
    12,
)  # characters of a long text that are shown, and of what stayed the same on each side of the change
MOST_ROWS = 1_000  # of 其他改动; beyond it the rest is counted


def write_table(before: Evaluation, after: Evaluation, answers: Answers) -> bytes:
    """The document's bytes, dated by the new version's report date."""
    basic = after.submission.basic
    department = clean(basic.department.value or "（部门名称待补）")
    title = f"{department}{basic.year.value or ''}年度绩效自评{KIND}"
    values = {
        "标题": title,
        "原版": version_name(before.revision.version),
        "新版": version_name(after.revision.version),
        "总体情况": list(_overview(before, after, answers)),
        "整改情况": _outcome(answers),
        "逐条对照": list(_answer_rows(answers.answers)),
        "其他改动": list(_other_rows(answers)),
        "没有列出": _unlisted(answers),
        "公式": answers.following,
        "未回应": _unanswered(answers.answers),
    }
    properties = Properties(title, department, KIND, after.as_of)
    return shipped_template(KIND).compile(NAMES).render(values, properties, bounded=False)


def _overview(before: Evaluation, after: Evaluation, answers: Answers) -> Iterator[str]:
    """What each version has of findings and of points, and which scores changed."""
    old, new = version_name(before.revision.version), version_name(after.revision.version)
    for name, one in ((old, before), (new, after)):
        errors, questions = count(one.findings, Severity.ERROR), count(one.findings, Severity.QUESTION)
        fresh = f"（其中 {answers.new_errors} 条是{old}没有的）" if one is after and answers.new_errors else ""
        yield f"{name}：错误 {errors} 条{fresh}，没有说明的疑点 {questions} 条，{_total(one.scorecard)}。"
    yield from _totals(before.scorecard, after.scorecard)
    yield f"得分有变化的指标：{clean(answers.effect)}。" if answers.effect else "各项指标的得分没有变化。"


def _outcome(answers: Answers) -> str:
    counts = Counter(answer.response for answer in answers.answers)
    counted = "，".join(f"{response} {counts[response]} 条" for response in Response if counts[response])
    among = f"，其中{counted}" if counted else ""
    return f"整改情况：共 {len(answers.answers)} 条{among}；没有要求改而改动的单元格 {len(answers.unasked)} 个。"


def _total(card: Scorecard | None) -> str:
    if card is None or card.whole_total is None:
        return f"没有总分（含 {card.not_scored} 项未评分）" if card and card.not_scored else "没有总分"
    return f"总分 {show_points(card.total)} 分" + (f"，等级为“{card.grade}”" if card.grade else "")


def _totals(before: Scorecard | None, after: Scorecard | None) -> Iterator[str]:
    """The totals side by side: of the department, and of each project of 项目支出 whose total changed."""
    totals = [card.whole_total if card else None for card in (before, after)]
    if totals != [None, None]:
        yield f"总分：{moved(*totals)}。"
    declared = [card.declared_total.value if card and card.declared_total else None for card in (before, after)]
    if any(value is not None for value in declared):
        yield f"自评综合得分：{' → '.join('未填' if value is None else f'{show_points(value)} 分' for value in declared)}。"
    if before and after and totals == [None, None]:
        earlier = {_project(p): p for p in before.projects}
        for project in after.projects:
            was = earlier.get(_project(project))
            if was and was.total != project.total:
                yield f"“{_project(project)}”总分：{moved(was.total, project.total)}。"


def _project(score: ProjectScore) -> str:
    return clean(score.project.name.value or f"第{score.project.row}行")


def _answer_rows(answers: Iterable[Answer]) -> Iterator[Mapping[str, Any]]:
    """A row a cell; what concerns the whole answer is merged over its rows."""
    for number, answer in enumerate(answers, start=1):
        whole = {
            "序号": number,
            "问题": flat(answer.asked),
            "得分影响": flat(answer.effect),
            "回应情况": answer.response,
        }
        for index, cell in enumerate(answer.cells):
            yield {"首行": not index, **whole, **_cell_texts(cell)}


def _cell_texts(cell: Shown) -> Mapping[str, str]:
    before, after = side_by_side(cell.before, cell.after)
    return {"单元格": cell.place, "原来": before, "现在": after}


def _other_rows(answers: Answers) -> Iterator[Mapping[str, Any]]:
    for number, one in enumerate(answers.unasked[:MOST_ROWS], start=1):
        remark = "；".join(
            [*([FORMULA] if one.change.by_formula else []), *([f"曾提示 {one.noticed}"] if one.noticed else [])]
        )
        yield {"序号": number, **_cell_texts(shown(one.change)), "得分影响": flat(one.effect), "备注": remark}


def _unlisted(answers: Answers) -> str:
    """How many changes beyond MOST_ROWS there are, by sheet; '' for none."""
    sheets = Counter(one.change.place.sheet for one in answers.unasked[MOST_ROWS:])
    rest = "，".join(f"「{clean(sheet)}」{number} 个" for sheet, number in sheets.items())
    return f"另有 {sheets.total()} 个单元格没有逐一列出：{rest}。" if rest else ""


def _unanswered(answers: Iterable[Answer]) -> str:
    unanswered = [
        f"第 {n} 条（{a.code} {clean(a.place)}）"
        for n, a in enumerate(answers, start=1)
        if a.response is Response.UNANSWERED
    ]
    return f"未回应 {len(unanswered)} 条：{'、'.join(unanswered)}。" if unanswered else "没有未回应的事项。"


def side_by_side(before: str, after: str) -> tuple[str, str]:
    """Two contents as they are printed: on one line each, and of long ones the part that differs with a few characters
    around it."""
    old, new = flat(before), flat(after)
    if after == UNCHANGED:
        return _cut(old, 0, len(old)) or BLANK, after
    if old == new and before != after:
        return old or BLANK, f"{new}{SPACES_ONLY}"
    if max(len(old), len(new)) > LONGEST:
        old, new = _differing_part(old, new)
    return old or BLANK, new or BLANK


def _differing_part(old: str, new: str) -> tuple[str, str]:
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    end = next((n for n in range(shorter - start) if old[-1 - n] != new[-1 - n]), shorter - start)
    first = max(0, start - AROUND)
    return (
        _cut(old, first, min(len(old), len(old) - end + AROUND)),
        _cut(new, first, min(len(new), len(new) - end + AROUND)),
    )


def _cut(text: str, first: int, last: int) -> str:
    """The characters from `first` to `last`, the middle left out where they are too many."""
    part = text[first:last]
    if len(part) > 2 * LONGEST:
        part = f"{part[:LONGEST]}……（中间 {len(part) - 2 * LONGEST} 字略）……{part[-LONGEST:]}"
    return ("……" if first else "") + part + ("……" if last < len(text) else "")


def flat(text: str) -> str:
    """A text on one line, as a table's cell prints it."""
    return " ".join(clean(text).split())
