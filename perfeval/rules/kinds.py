"""The kinds of what a regulation asks for and draws."""

YES_NO, DATE, TEXT = "yes_no", "date", "text"
INPUT_KINDS = ("amount", "count", "number", "rate", YES_NO, DATE, TEXT)
FACT_KINDS = ("rate", "amount", "count", "number")
# the bounds of a cap: as written → as compared
BOUNDS = {"from": "at_least", "above": "above", "up_to": "at_most", "below": "below"}
