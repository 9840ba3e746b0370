"""`python -m perfeval`"""

import sys

from perfeval.cli import main

if __name__ == "__main__":
    sys.exit(main())
