"""What became of a workbook, in the words of 结果.json and 运行记录.json."""

REPORTED, RETURNED, REJECTED, IGNORED = "reported", "returned", "rejected", "ignored"
STATUS_NAMES = {REPORTED: "已出报告", RETURNED: "退回修改", REJECTED: "无法读取", IGNORED: "未处理"}
