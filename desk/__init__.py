"""The contributor's desk: what `make check`, `make fix`, `make note`, `make snippet` and `make rename` do."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
# The engine is a folder of the site's, and not installed.
sys.path.insert(0, str(ROOT / "hooks"))
