"""Runs a snippet as a program of its own, over and over in one Python, and says how each run ended."""

import contextlib
import gc
import importlib.metadata
import io
import json
import linecache
import os
import shutil
import sys
import time
import traceback
import types
from collections.abc import Iterable

FOLDER = "/home/reader/snippet"
MOST_FRAMES = 8


def prepare(names: Iterable[str], program: str) -> None:
    """Import what snippets import, and run what happens once, so that a snapshot has it."""
    # What is there in the end stays, and need not be looked at now, nor after each run.
    gc.disable()
    for name in names:
        importlib.import_module(name)
    exercise(program)
    # It holds the archive open, and files are no part of a snapshot.
    importlib.metadata.FastPath.__new__.cache_clear()
    gc.freeze()
    gc.enable()


def exercise(program: str) -> None:
    """Run a program that prints nothing."""
    exec(program, {})


def run(source: str, name: str) -> str:
    """Run a program in an empty folder, as `python name` does; return as JSON how it ended.

    `status` is what a shell would be told; `error` the lines to show, if it ended with an exception, and `line` the
    last line of the program that was on the way to it.
    """
    before = dict(os.environ), set(sys.modules), list(sys.path), sys.dont_write_bytecode
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    os.chdir(FOLDER)
    with open(name, "w", encoding="utf-8") as file:
        file.write(source)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=name, __builtins__=__builtins__)
    earlier = sys.modules["__main__"]
    sys.modules["__main__"] = main
    sys.argv = [name]
    sys.path.insert(0, FOLDER)
    for path in [path for path in sys.path_importer_cache if path.startswith(FOLDER)]:
        del sys.path_importer_cache[path]
    # What is printed comes at once, a part of a line too.
    sys.stdout = sys.__stdout__ = _unbuffered(1)
    sys.stderr = sys.__stderr__ = _unbuffered(2)
    began = time.monotonic()
    ended = {"status": 0}
    try:
        exec(compile(source, name, "exec", dont_inherit=True), main.__dict__)
    except SystemExit as stop:
        ended = _stopped(stop)
    except BaseException as error:
        ended = _failed(error, name)
    ended["seconds"] = time.monotonic() - began
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    # The next one begins as if it were the first.
    sys.modules["__main__"] = earlier
    main.__dict__.clear()
    for added in set(sys.modules) - before[1]:
        if (getattr(sys.modules[added], "__file__", None) or "").startswith(FOLDER):
            del sys.modules[added]
    os.environ.clear()
    os.environ.update(before[0])
    sys.path[:], sys.dont_write_bytecode = before[2], before[3]
    os.chdir("/")
    gc.collect()
    return json.dumps(ended)


def _unbuffered(number: int) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.FileIO(number, "w", closefd=False), "utf-8", "backslashreplace", write_through=True)


def _stopped(stop: SystemExit) -> dict[str, object]:
    """Return how a program ended that called sys.exit()."""
    if stop.code is None or isinstance(stop.code, int):
        return {"status": int(stop.code or 0)}
    return {"status": 1, "error": [str(stop.code)]}


def _failed(error: BaseException, name: str) -> dict[str, object]:
    """Return how a program ended that raised: its own lines, innermost last, then the exception."""
    own, other = [], ""
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == name:
            own.append(frame)
            other = ""
        elif own:
            other = frame.filename
    number = own[-1].lineno if own else None
    lines = []
    for index, frame in enumerate(own):
        if len(own) > MOST_FRAMES and MOST_FRAMES // 2 <= index < len(own) - MOST_FRAMES // 2:
            if index == MOST_FRAMES // 2:
                lines.append(f"  … {len(own) - MOST_FRAMES} more")
            continue
        where = "" if frame.name == "<module>" else f", in {frame.name}"
        lines += [f"{name}, line {frame.lineno}{where}", f"    {frame.line}"]
    if other:
        lines.append(f"  raised in {other.removeprefix('/lib/python314.zip/')}")
    if isinstance(error, SyntaxError) and error.filename == name:
        number = error.lineno
    lines += "".join(traceback.format_exception_only(error)).splitlines()
    error.__traceback__ = None
    return {"status": 1, "error": lines, "line": number, "kind": type(error).__name__}
