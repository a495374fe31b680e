"""Mend what a machine can mend: spelling of which there is no doubt, and how Markdown and Python are laid out.

    python -m desk.fix

What is left, `make check` tells.
"""

from __future__ import annotations

from pathlib import Path

from . import ROOT, editor, tools


def mend(root: Path) -> None:
    """Let each tool mend what it can in the repository at ``root``, one after the other; tell editors what is new."""
    for tool in tools.TOOLS:
        with tools.start(tool, tool.mend, root) as process:
            process.communicate(timeout=tools.SECONDS)
    editor.write(root)


if __name__ == "__main__":
    mend(ROOT)
