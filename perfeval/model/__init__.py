"""Facts: cell references, amounts, entities, and the types Regulation and Scorecard. Imports no other stage."""
