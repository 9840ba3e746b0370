"""收支, 压减 and 控制支出: sums, balances, rates, what was kept within its budget."""
