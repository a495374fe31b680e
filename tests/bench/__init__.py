"""What the guide costs. These run outside pytest, which would put the engine on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "hooks"))
