"""Chapter 三 of the report: the tree of the regulation, section by section and item by item. No name of either
is here: both are data."""

from collections.abc import Collection
from typing import Any

from perfeval.documents.report.view_figures import Figures, item_origin
from perfeval.documents.report.view_words import fair, named, numeral, one_line, said
from perfeval.model.cells import CellRef
from perfeval.model.numbers import show_number, show_points
from perfeval.model.regulation import Item, Section
from perfeval.model.scorecard import Basis, ItemScore, Scorecard
from perfeval.model.submission import Duty, ScoreRow, Submission
from perfeval.rules.outline import sections_of

COMPLETION = "完成率："  # measures of 履职数据 are named so

UNSTATED = {Basis.NOT_SCORED: "没有提供计分所需的数据"}  # stands for the 得分依据 where the department wrote none


class Analysis:
    """Turns the scored tree into the sections （一）（二）… of chapter 三."""

    def __init__(
        self, submission: Submission, scorecard: Scorecard, figures: Figures, praised: Collection[CellRef | None] = ()
    ) -> None:
        """`praised` are the cells whose praise the data contradict."""
        self.submission = submission
        self.card = scorecard
        self.regulation = scorecard.regulation
        self.figures = figures
        self.praised = praised
        self.rows: dict[str, ScoreRow] = {row.item_id.value: row for row in submission.scores if row.item_id.value}
        self.duty_item = scorecard.regulation.duty_item

    def sections(self) -> list[dict[str, Any]]:
        """Those of the regulation's outline, numbered."""
        return [
            self._section(section) | {"序号": numeral(i), "含总体": i == 1}
            for i, section in enumerate(sections_of(self.regulation), 1)
        ]

    def loose_duties(self) -> list[dict[str, Any]]:
        """The duties where no item of the regulation takes its score from them."""
        return [] if self.duty_item else [self._duty(duty, i) for i, duty in enumerate(self.submission.duties, 1)]

    def _section(self, section: Section) -> dict[str, Any]:
        """One item alone is reported by those below it."""
        top = self.card.item(section.items[0]) if len(section.items) == 1 else None
        items = [self.regulation.item(one) for one in section.items]
        blocks = (self._below(top.item) if top else []) or items
        return {
            "名称": section.title,
            "分值": self.figures.max_points(top) if top else "",
            "得分": self.figures.points(top) if top and top.score is not None else "",
            "含未评分": bool(top and top.incomplete),
            "方面": "" if blocks == [top.item if top else None] else "、".join(block.name for block in blocks),
            "方面数": "两" if len(blocks) == 2 else numeral(len(blocks)),
            "指标": [self._block(block, i) for i, block in enumerate(blocks, 1)],
            "含项目": section.projects,
        }

    def _block(self, item: Item, number: int) -> dict[str, Any]:
        score = self._score(item)
        duties = (
            [self._duty(duty, i) for i, duty in enumerate(self.submission.duties, 1)] if item == self.duty_item else []
        )
        leaves = [leaf for leaf in self._leaves(item) if leaf != item]
        entries = [self._leaf(leaf, f"（{i}）{leaf.name}。") for i, leaf in enumerate(leaves, 1)]
        return {
            "序号": str(number),
            "名称": item.name,
            "分值": self.figures.max_points(score),
            "得分": self.figures.points(score),
            "有得分": score.score is not None,
            "含未评分": score.incomplete,
            "职能": duties,
            "末级": entries or ([] if duties and not score.lost else [self._leaf(item, "")]),
        }

    def _leaf(self, item: Item, title: str) -> dict[str, Any]:
        score, row = self._score(item), self.rows.get(item.id)
        basis_text = said(row.basis) if row else ""
        lost = score.lost > 0 and score.basis is not Basis.NOT_APPLICABLE
        return {
            "标题": title,
            "依据": basis_text or UNSTATED.get(score.basis, ""),
            "不涉及": score.basis is Basis.NOT_APPLICABLE,
            "未评分": score.score is None,
            "得分": self.figures.points(score),
            "扣分": self.figures.lost(score) if lost else "",
            "扣分原因": said(row.deduction_reason) if row and lost else "",
            **self._declared_otherwise(score),
        }

    def _declared_otherwise(self, score: ItemScore) -> dict[str, str]:
        """The department's own score where it is another than the computed one, and the difference, so that both are
        side by side."""
        if score.basis is not Basis.COMPUTED or score.declared is None or not score.difference:
            return {"自评得分": "", "自评差异": ""}
        difference = self.figures.computed(abs(score.difference), show_points, lambda: item_origin(score))
        return {"自评得分": self.figures.number(score.declared), "自评差异": difference}

    def arithmetic(self) -> list[dict[str, str]]:
        """How each leaf was computed from the filed data, and what was capped, for the annex 得分计算说明."""
        computed = [
            s for s in self.card.items if (s.item.is_leaf and s.basis is Basis.COMPUTED) or s.uncapped is not None
        ]
        return [{"算式": one_line(s.explanation), **self._declared_otherwise(s)} for s in computed]

    def _duty(self, duty: Duty, number: int) -> dict[str, Any]:
        return {
            "序号": str(number),
            "名称": named(duty.name),
            "分值": self.figures.number(duty.max_points),
            "得分": self.figures.number(duty.declared),
            "完成情况": one_line(fair(duty.achievement.value or "", duty.achievement.ref in self.praised)) or "未填",
            "完成率": self._completion(duty),
            "扣分原因": said(duty.deduction_reason),
        }

    def _completion(self, duty: Duty) -> str:
        """重点项目年度投资64.72%、…: the computed completion rates of the duty's data; '' for none."""
        names = [d.name.value or "" for d in self.submission.duty_data if d.duty.value == duty.name.value]
        measures = ((name, self.card.measure(f"{COMPLETION}{name}")) for name in names)
        return "、".join(
            f"{name}{self.figures.measure(m)}" for name, m in measures if m is not None and m.value is not None
        )

    def _score(self, item: Item) -> ItemScore:
        score = self.card.item(item.id)
        if score is None:
            raise KeyError(item.id)
        return score

    def _below(self, item: Item) -> list[Item]:
        return list(self.regulation.children(item.id))

    def _leaves(self, item: Item) -> list[Item]:
        if item.is_leaf:
            return [item]
        return [leaf for child in self._below(item) for leaf in self._leaves(child)]

    def lost_items(self) -> list[dict[str, str]]:
        """The leaves that lost points, for the conclusion."""
        leaves = (s for s in self.card.items if s.item.is_leaf and s.lost > 0 and s.basis is not Basis.NOT_APPLICABLE)
        return [{"名称": s.item.name, "扣分": self.figures.lost(s)} for s in leaves]

    def not_concerned(self) -> list[str]:
        """Names of the leaves marked 不涉及."""
        return [s.item.name for s in self.card.items if s.item.is_leaf and s.basis is Basis.NOT_APPLICABLE]

    def total(self) -> dict[str, str]:
        """综合得分, 满分, 等级."""
        return {
            "得分": self.figures.computed(self.card.total, show_points, self._total_origin),
            "满分": self.figures.mark(show_number(self.card.max_points), f"指标体系：{self.regulation.title}"),
            "等级": self.card.grade or "未评定",
            **self._declared_total(),
            "未评分个数": self.figures.tally(self.card.not_scored, "未评分的末级指标") if self.card.not_scored else "",
            "折算说明": "；".join(filter(None, (one_line(self.card.rescale_note), self._capped()))),
        }

    def _capped(self) -> str:
        """Which cap bit, and the total before it."""
        if self.card.capping is None or self.card.uncapped_total is None:
            return ""
        before = self.figures.computed(self.card.uncapped_total, show_points, self._total_origin)
        return f"综合得分原为{before}分，{self.card.capping.sentence}"

    def _declared_total(self) -> dict[str, str]:
        """单位自评的综合得分, beside the computed one; the difference only where both are of the whole."""
        cell, total = self.card.declared_total, self.card.total
        declared = cell.value if cell else None
        declared_points = self.figures.number(cell) if cell and declared is not None else ""
        apart = declared - total if declared is not None and total is not None and not self.card.not_scored else None
        difference = self.figures.computed(abs(apart), show_points, self._total_origin) if apart else ""
        return {
            "自评得分": declared_points,
            "自评高出": difference if apart and apart > 0 else "",
            "自评低出": difference if apart and apart < 0 else "",
        }

    def _total_origin(self) -> str:
        return "各末级指标得分之和；" + "；".join(item_origin(s) for s in self.card.items if s.item.level == 1)
