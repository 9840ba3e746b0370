"""The portable folder: perfeval with all it needs, to be carried on a USB stick to computers without a network."""
