"""What became of a workbook, in the words of 结果.json and 运行记录.json."""

REPORTED, RETURNED, REJECTED, IGNORED = "reported", "returned", "rejected", "ignored"
