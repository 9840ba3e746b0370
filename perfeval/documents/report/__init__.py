"""自评报告 and 项目支出绩效自评表: one view of the evaluation, placed by a Word template."""
