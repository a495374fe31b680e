"""In place of the debugger, which needs a terminal: Flask's test client loads click's, which wants to know it."""

from typing import NoReturn


class Pdb:
    """Cannot be made."""

    def __init__(self, *_: object, **__: object) -> None:
        raise RuntimeError("there is no terminal here, so there is no debugger")


def set_trace(*_: object, **__: object) -> NoReturn:
    """Say so."""
    raise RuntimeError("there is no terminal here, so there is no debugger")
