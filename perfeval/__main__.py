"""`python -m perfeval`"""

import sys

from perfeval.cli.commands import main

if __name__ == "__main__":
    sys.exit(main())
