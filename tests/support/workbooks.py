"""Workbooks as tables one can read in a test: a dict of sheet → rows becomes the bytes of an .xlsx file."""

import io
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

Rows = list[list[object]]
Sheets = dict[str, Rows]

DEPARTMENT: Sheets = {
    "填报说明": [["模板编号", "PERFEVAL-DEPT"], ["模板版本", "1.0"]],
    "基本情况": [
        ["项目", "填报内容", "填报要求"],
        ["评价类型", "部门整体"], ["部门名称", "某县教育局（示例构造）"], ["部门简称", "县教育局"], ["预算编码", "101001"], ["行政区划", "四川省乐山市金口河区"],
        ["评价年度", 2025], ["指标体系", "sichuan-dept-65-35"], ["机构规格", "正科级"], ["加挂牌子", None], ["内设机构", "办公室、财务股"],
        ["行政编制人数", 8],
        ["机关工勤编制人数", 1],
        ["事业编制人数", 7], ["年末实有人数", 16], ["年度总体目标", "完成全年任务"], ["填报人", "张三"], ["联系电话", "0833-1234567"], ["审核人", "李四"],
        ["数据截止日期", "2025-12-31"], ["填报日期", "2026-01-15"],
    ],
    "机构职能": [["序号", "职能内容"], ["1", "贯彻教育方针。"], ["一", "管理学校。"]],
    "收支": [
        ["项目", "年初预算数", "调整后预算数", "决算数", "说明"],
        ["收入合计", 100, 110, 110, None], ["财政拨款收入", 90, 100, 100, None], ["上年结转", 10, 10, 10, None],
        ["单位资金收入", 0, 0, 0, None], ["其他资金收入", 0, 0, 0, None],
        ["支出合计", 100, 110, 108, None], ["基本支出", 60, 65, 65, None], ["项目支出", 40, 45, 43, None],
        ["支出来源：财政拨款", 90, 100, 98, None], ["支出来源：上年结转", 10, 10, 10, None], ["收回或注销数", None, None, 0, None],
        ["年末结转结余", None, None, 2, None], ["全年下达单位计划数", None, None, 110, None], ["全年单位实际支付数", None, None, 108, None],
        ["附表资金总额", None, None, None, None],
    ],
    "压减": [["项目", "上年", "本年", "说明"], ["一般性支出年初预算", 21, 18, None], ["一般性支出执行数", 20.5, 15.28, None]],
    "控制支出": [["支出名称", "本年预算数", "本年执行数", "说明"], ["公务接待费", 2, 1.32, None]],
    "支出进度": [["截止月份", "累计支出数", "说明"], [6, 50, None], [10, 90, None]],
    "管理数据": [
        ["项目", "数值", "说明"],
        ["资产系统账面原值", 500], ["财务账面资产原值", 500], ["应报送资产报表次数", 13], ["按时准确报送次数", 13], ["采购预算金额", 20], ["实际采购金额", 18.5],
        ["面向中小企业采购金额", 18.5],
    ],
    "履职": [["职能名称", "分值", "工作完成情况", "自评得分", "扣分原因", "佐证材料"], ["学校管理", 20, "建成学校2所。", 20, None, "验收表"]],
    "履职数据": [
        ["职能名称", "指标名称", "上级指标", "计划数", "完成数", "完成率", "计量单位"],
        ["学校管理", "建成学校", None, 2, 2, None, "所"], ["学校管理", "入学率", None, None, None, None, "%"],
    ],
    "项目": [
        ["项目编码", "项目名称", "项目类型", "主要内容", "年初预算数", "调整后预算数", "执行数", "收回或注销数", "入库日期", "事前评估", "列支与目标相符", "需要调整",
         "已采取调整措施", "数量指标完成", "目标偏离", "效益指标满分", "自评得分", "偏差原因", "改进措施"],
        ["P1", "校舍维修", "常年", "维修校舍", 20, 20, 20, 0, "2024-09-20", "是", "是", "否", "不涉及", "是", "否", "是", None, None,
         None],
        ["P2", "设备采购", "阶段", "购买设备", 20, 25, 23, 0, "2024-09-20", "是", "是", "否", "不涉及", "是", "否", "是", None, None,
         None],
    ],
    "指标": [
        ["适用对象", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "计量单位", "权重", "实际完成值", "自评得分", "偏差原因", "改进措施", "佐证材料"],
        ["部门整体", "产出指标", "数量指标", "维修校舍", "≥", 4, "所", 30, 5, None, None, None, None],
        ["部门整体", "产出指标", "质量指标", "验收质量", "定性", "优良中低差", None, 20, "优", None, None, None, None],
        ["部门整体", "产出指标", "时效指标", "完成时间", "定性", "12月底前", None, 20, "11月", None, None, None, None],
        ["部门整体", "满意度指标", "满意度指标", "群众满意度", "≥", 95, "%", 20, 96.5, None, None, None, None],
    ],
    "评分": [
        ["指标编号", "指标名称", "层级", "分值", "是否适用", "自评得分", "得分依据", "扣分原因", "佐证材料"],
        ["A", "部门预算总体绩效", 1, 65, None, 65, None, None, None], ["A1", "履职效能", 2, 20, "是", 20, None, None, None],
        [None, "综合得分", None, 100, None, 98.5, None, None, None],
    ],
    "报告文字": [["章节", "内容"], ["绩效结果应用", "结果已公开。"]],
    "问题与建议": [["序号", "存在问题", "改进建议", "责任人", "完成时限"], [1, "指标不细", "细化指标", "张三", "2026年6月30日"]],
}  # fmt: skip
PROJECT: Sheets = {
    "基本情况": [[*row] for row in DEPARTMENT["基本情况"]],
    "项目": [[*row] for row in DEPARTMENT["项目"]],
    "指标": [DEPARTMENT["指标"][0], *([["校舍维修", *row[1:]] for row in DEPARTMENT["指标"][1:]])],
}
PROJECT["基本情况"][1] = ["评价类型", "项目支出"]


def department() -> Sheets:
    """A clean 部门整体 workbook's tables, free to be changed."""
    return deepcopy(DEPARTMENT)


def project() -> Sheets:
    """A clean 项目支出 workbook's tables, free to be changed."""
    return deepcopy(PROJECT)


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> openpyxl.Workbook:
    """The tables as an open workbook, for what a table cannot say: formats, merges, hidden rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet: Worksheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return book


def content(book: openpyxl.Workbook | Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """The bytes of the .xlsx file."""
    buffer = io.BytesIO()
    (book if isinstance(book, openpyxl.Workbook) else workbook(book)).save(buffer)
    return buffer.getvalue()


def save(
    book: openpyxl.Workbook | Mapping[str, Sequence[Sequence[object]]], folder: Path, name: str = "填报.xlsx"
) -> Path:
    """The workbook as a file in `folder`."""
    path = folder / name
    path.write_bytes(content(book))
    return path
