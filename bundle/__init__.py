"""The portable folder: perfeval with everything it needs, to be carried on a USB stick to computers without a network."""
