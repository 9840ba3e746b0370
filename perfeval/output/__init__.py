"""What lies in the output folder: files.py writes it, state.py reads back what earlier runs wrote down."""
