"""Drop-down words as people write them instead: √ for 是, >= for ≥, 常年项目 for 常年."""

from perfeval.filing.typed.numbers import comparator_of
from perfeval.model.names import plain_name
from perfeval.model.submission import DEPARTMENT_KIND, NO, NOT_CONCERNED, ONE_OFF, PROJECT_KIND, STAGED, STANDING, YES

SYNONYMS = {
    "√": YES, "✓": YES, "✔": YES, "有": YES, "已": YES, "Y": YES, "YES": YES, "对": YES,
    "×": NO, "✗": NO, "✘": NO, "X": NO, "没有": NO, "未": NO, "N": NO, "NO": NO,
    "不适用": NOT_CONCERNED, "无此项": NOT_CONCERNED, "未涉及": NOT_CONCERNED,
    "常年项目": STANDING, "经常": STANDING, "经常性": STANDING, "经常项目": STANDING,
    "经常性项目": STANDING, "常年性项目": STANDING, "常年性": STANDING,
    "阶段项目": STAGED, "阶段性": STAGED, "阶段性项目": STAGED,
    "一次性项目": ONE_OFF,
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
