"""In place of greenlet, which is compiled: Flask-SQLAlchemy-Lite loads SQLAlchemy's asyncio part, which wants to know it.

What uses no asyncio works as ever; what does, fails with SQLAlchemy's own MissingGreenlet.
"""


class greenlet:  # noqa: N801
    """Cannot be made: to switch stacks is more than a browser's Python can do."""

    def __init__(self, *_: object, **__: object) -> None:
        raise RuntimeError("there are no greenlets in a browser's Python")


_ONLY = object()


def getcurrent() -> object:
    """Return what stands for the only stack."""
    return _ONLY
