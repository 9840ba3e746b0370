"""整改对照表.docx: what was asked of a version, which cells were changed for it, what that did to the score; in the official
format."""

from collections import Counter
from collections.abc import Iterable, Iterator

from perfeval.documents.corrections.answers import UNCHANGED, Answer, Answers, Response, Shown, shown
from perfeval.documents.corrections.effects import moved
from perfeval.documents.evaluation import Evaluation
from perfeval.findings.finding import Severity
from perfeval.findings.render import count
from perfeval.model.numbers import show_points
from perfeval.model.scorecard import ProjectScore, Scorecard
from perfeval.model.text import clean, version_name
from perfeval.word.blocks import Row, Slot, heads, paragraph, table
from perfeval.word.package import LANDSCAPE, LANDSCAPE_WIDTH, PORTRAIT, package, section
from perfeval.word.template import Properties

KIND = "整改对照表"
WIDTHS = (600, 4200, 1760, 1700, 1700, LANDSCAPE_WIDTH - 11160, 1200)
HEADS = ("序号", "问题（编号、原文要求）", "单元格", "原来", "现在", "得分影响", "回应情况")
OTHER_WIDTHS = (600, 2300, 2900, 2900, 2700, LANDSCAPE_WIDTH - 11400)
OTHER_HEADS = ("序号", "单元格", "原来", "现在", "得分影响", "备注")
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
    body = "".join(
        [
            paragraph(title, "ReportTitle"),
            *_overview(before, after, answers),
            *_tables(answers),
            section(LANDSCAPE),
        ]
    )
    return package(body, KIND, Properties(title, department, KIND, after.as_of))


def _overview(before: Evaluation, after: Evaluation, answers: Answers) -> Iterator[str]:
    old, new = version_name(before.revision.version), version_name(after.revision.version)
    yield paragraph("一、总体情况", "Heading1")
    yield paragraph(
        f"本表由程序对照{old}与{new}填报工作簿的每个单元格写成。{old}中的每条错误、每条没有说明的疑点和每条复核意见各占一行，"
        "列明改动了哪些单元格、原来和现在各是什么、对得分有什么影响；没有要求改而改动了的，另行列出。"
    )
    for name, one in ((old, before), (new, after)):
        errors, questions = count(one.findings, Severity.ERROR), count(one.findings, Severity.QUESTION)
        fresh = f"（其中 {answers.new_errors} 条是{old}没有的）" if one is after and answers.new_errors else ""
        yield paragraph(f"{name}：错误 {errors} 条{fresh}，没有说明的疑点 {questions} 条，{_total(one.scorecard)}。")
    yield from (paragraph(sentence) for sentence in _totals(before.scorecard, after.scorecard))
    yield paragraph(f"得分有变化的指标：{clean(answers.effect)}。" if answers.effect else "各项指标的得分没有变化。")
    counts = Counter(answer.response for answer in answers.answers)
    counted = "，".join(f"{response} {counts[response]} 条" for response in Response if counts[response])
    among = f"，其中{counted}" if counted else ""
    outcome = f"整改情况：共 {len(answers.answers)} 条{among}；没有要求改而改动的单元格 {len(answers.unasked)} 个。"
    yield paragraph(outcome, properties=section(PORTRAIT, footers=True))


def _total(card: Scorecard | None) -> str:
    if card is None or card.total is None:
        return "没有总分"
    return f"总分 {show_points(card.total)} 分" + (f"，等级为“{card.grade}”" if card.grade else "")


def _totals(before: Scorecard | None, after: Scorecard | None) -> Iterator[str]:
    """The totals side by side: of the department, and of each project of 项目支出 whose total changed."""
    if before and after and before.total is not None and after.total is not None:
        yield f"总分：{moved(before.total, after.total)}。"
    declared = [card.declared_total.value if card and card.declared_total else None for card in (before, after)]
    if any(value is not None for value in declared):
        yield f"自评综合得分：{' → '.join('未填' if value is None else f'{show_points(value)} 分' for value in declared)}。"
    if before and after and before.total is None and after.total is None:
        earlier = {_project(p): p for p in before.projects}
        for project in after.projects:
            was = earlier.get(_project(project))
            if was and was.total != project.total:
                yield f"“{_project(project)}”总分：{moved(was.total, project.total)}。"


def _project(score: ProjectScore) -> str:
    return clean(score.project.name.value or f"第{score.project.row}行")


def _tables(answers: Answers) -> Iterator[str]:
    yield paragraph("二、逐条对照", "Heading1")
    if answers.answers:
        yield table(WIDTHS, [Row(heads(*HEADS), header=True), *_answer_rows(answers.answers)])
    else:
        yield paragraph("没有需要回应的错误、疑点或复核意见。")
    yield paragraph("三、其他改动", "Heading1")
    if answers.unasked:
        yield paragraph("下列单元格没有要求改，但是改动了，请复核人员核对。")
        yield table(OTHER_WIDTHS, [Row(heads(*OTHER_HEADS), header=True), *_other_rows(answers)])
    else:
        yield paragraph("没有其他改动。")
    if answers.following:
        yield paragraph(f"另有 {answers.following} 个单元格的公式没有动，结果随别处的改动而变，没有逐一列出。")
    yield paragraph("四、未回应事项", "Heading1")
    yield paragraph(_unanswered(answers.answers))


def _answer_rows(answers: Iterable[Answer]) -> Iterator[Row]:
    """A row a cell; what concerns the whole answer is merged over its rows."""
    for number, answer in enumerate(answers, start=1):
        for index, cell in enumerate(answer.cells):
            merge = "" if len(answer.cells) == 1 else "continue" if index else "restart"
            texts = (
                ("", "", "", "") if index else (str(number), flat(answer.asked), flat(answer.effect), answer.response)
            )
            first, asked, scored, response = texts
            yield Row(
                (
                    Slot(first, "TableCentre", merge=merge),
                    Slot(asked, merge=merge),
                    *_cell_slots(cell),
                    Slot(scored, merge=merge),
                    Slot(response, "TableCentre", merge=merge),
                )
            )


def _cell_slots(cell: Shown) -> tuple[Slot, Slot, Slot]:
    before, after = side_by_side(cell.before, cell.after)
    return Slot(clean(cell.place), "TableCentre"), Slot(before), Slot(after)


def _other_rows(answers: Answers) -> Iterator[Row]:
    changes = answers.unasked
    for number, one in enumerate(changes[:MOST_ROWS], start=1):
        remark = "；".join(
            [*([FORMULA] if one.change.by_formula else []), *([f"曾提示 {one.noticed}"] if one.noticed else [])]
        )
        cells = _cell_slots(shown(one.change))
        yield Row((Slot(str(number), "TableCentre"), *cells, Slot(flat(one.effect)), Slot(remark, "TableCentre")))
    if len(changes) > MOST_ROWS:
        sheets = Counter(one.change.place.sheet for one in changes[MOST_ROWS:])
        rest = "，".join(f"「{clean(sheet)}」{number} 个" for sheet, number in sheets.items())
        yield Row((Slot(f"另有 {len(changes) - MOST_ROWS} 个单元格没有逐一列出：{rest}。", span=len(OTHER_HEADS)),))


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
