"""Drop-down words as people write them instead: √ for 是, >= for ≥, a project type with 项目 behind it."""

from perfeval.filing.typed.numbers import comparator_of
from perfeval.model.names import plain_name
from perfeval.model.project_types import SPELLINGS
from perfeval.model.submission import DEPARTMENT_KIND, NO, NOT_CONCERNED, PROJECT_KIND, YES

SYNONYMS = {
    "√": YES, "✓": YES, "✔": YES, "有": YES, "已": YES, "Y": YES, "YES": YES, "对": YES,
    "×": NO, "✗": NO, "✘": NO, "X": NO, "没有": NO, "未": NO, "N": NO, "NO": NO,
    "不适用": NOT_CONCERNED, "无此项": NOT_CONCERNED, "未涉及": NOT_CONCERNED,
    **SPELLINGS,
    "部门整体支出": DEPARTMENT_KIND, "部门整体绩效": DEPARTMENT_KIND, "整体": DEPARTMENT_KIND, "项目": PROJECT_KIND,
    "定性指标": "定性",
}  # fmt: skip


def choice_of(text: str, choices: tuple[str, ...]) -> str | None:
    """The listed word a text means beyond doubt, or None."""
    if text in choices:
        return text
    bare = plain_name(text)
    meant = bare if bare in choices else SYNONYMS.get(bare.upper()) or comparator_of(bare)
    return meant if meant in choices else None
