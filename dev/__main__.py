"""Entry point: ``python3 -m dev COMMAND``."""

import sys

if sys.version_info < (3, 10):  # noqa: UP036
    sys.exit("Python 3.10 or later is needed; put one first on PATH as python3.")

from dev.cli import main  # noqa: E402

sys.exit(main())
