"""The local page: what `make report` does, through a browser on this computer.

It opens no workbook itself: a child process runs perfeval, as anybody could at a terminal.
"""
