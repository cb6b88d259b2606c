"""Makes `python -m driftaudit` the same program as `driftaudit`."""

import sys

from driftaudit.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
