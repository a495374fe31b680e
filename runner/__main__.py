"""`python -m runner`: make the runtime. Without the network it says so, and the site is built without one.

`python -m runner --required` fails instead, as the build that is published must. `python -m runner --lock` resolves
package.json into package-lock.json.
"""

from __future__ import annotations

import sys

from .make import lock, make
from .node import Unavailable


def main() -> int:
    """Make the runtime; return the exit status."""
    try:
        lock() if "--lock" in sys.argv else make()
    except Unavailable as error:
        sys.stderr.write(f"{error}\nThe site has no runtime: Run will say so. `make runtime` tries again.\n")
        return int("--required" in sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
