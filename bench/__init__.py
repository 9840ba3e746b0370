"""Speed as ratios in one run: the program, a straightforward peer and the physical limit, on the same inputs and
outputs (`make bench`)."""
