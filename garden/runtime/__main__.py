"""`python -m garden.runtime`: make the runtime.

Without the network it says so, and the site is built without one.

`python -m garden.runtime --required` fails instead, as the build that is published must.
`python -m garden.runtime --lock` resolves package.json into package-lock.json; with `--upgrade`, to newer releases.
"""

from __future__ import annotations

import sys

from garden.runtime.make import lock, make
from garden.runtime.node import Unavailable


def main() -> int:
    """Make the runtime, or lock what it is made of; return the exit status."""
    locks = "--lock" in sys.argv
    try:
        lock(upgrade="--upgrade" in sys.argv) if locks else make()
    except Unavailable as error:
        left = "" if locks else "The site has no runtime: Run will say so. `make runtime` tries again.\n"
        sys.stderr.write(f"{error}\n{left}")
        return int(locks or "--required" in sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
