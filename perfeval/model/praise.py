"""Words that call everything done: 圆满完成各项目标任务 and the like."""

import re

CLAUSE = re.compile(r"[^，,。；;！!\n]+")
DONE_ALL = re.compile(
    r"(?<![未不没非])(?<!没有)(?<!尚未)(?<!未能)(?:圆满|全面|全部|超额|出色|百分之百|100[%％])(?:地)?(?:完成|实现|达成)"
)
GENERAL = re.compile(r"目标|任务|指标|各项工作|全年工作|年度工作")


def praise(text: str) -> str:
    """The first clause that calls goals, tasks or indicators wholly done; '' where there is none. “全面完成某某会议保障” is no
    general praise."""
    clauses = (clause.strip() for clause in CLAUSE.findall(text))
    return next((c for c in clauses if DONE_ALL.search(c) and GENERAL.search(c)), "")
