"""Packs the standard library and the packages into one archive of compiled modules. Runs inside Pyodide.

Compiled here, the modules fit the Python that loads them. Their docstrings go: nobody reads them there, and they are a
quarter of what would be fetched. The archive is stored, not deflated: the web server or the browser's own gzip makes
it smaller than deflating each file by itself would.
"""

import ast
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
from pathlib import Path, PurePosixPath

# What no snippet needs, and no reader would try in a browser: other user interfaces, protocols and platforms.
LEFT_OUT = frozenset(
    """
    _pyrepl _pyio antigravity bdb cProfile cmd colorsys compileall ctypes curses doctest filecmp fileinput ftplib
    getpass imaplib mailbox modulefinder multiprocessing netrc nturl2path optparse pdb pickletools plistlib poplib
    profile pstats pty py_compile pyclbr pydoc pydoc_data rlcompleter sched smtplib symtable tabnanny tarfile this
    trace tty turtle unittest wave webbrowser wsgiref xml xmlrpc zipapp code shelve dbm timeit
    """.split()
)
LEFT_OUT_PARTS = (
    "asyncio/windows_",
    "asyncio/proactor_events",
    "asyncio/__main__",
    "asyncio/tools",
    "email/mime/",
    "html/parser",
    "http/cookiejar",
    "pyodide/console",
    "pyodide/http",
    "sqlalchemy/dialects/mssql/",
    "sqlalchemy/dialects/oracle/",
    "sqlalchemy/testing/",
    "werkzeug/debug/",
)
DAY = (2020, 1, 1, 0, 0, 0)
ENCODINGS = frozenset(
    """
    __init__ aliases ascii base64_codec cp1252 cp437 hex_codec idna iso8859_1 latin_1 mbcs punycode raw_unicode_escape
    undefined unicode_escape utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le utf_7 utf_8 utf_8_sig
    """.split()
)


def wanted(name: str) -> bool:
    """Whether the module at this path goes into the archive."""
    top = PurePosixPath(name).parts[0].removesuffix(".py")
    if top == "encodings":
        return PurePosixPath(name).stem in ENCODINGS
    return name.endswith(".py") and top not in LEFT_OUT and not name.startswith(LEFT_OUT_PARTS)


def without_docstrings(tree: ast.Module) -> ast.Module:
    """Remove what documents a module, a class or a function; assertions stay."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        match node.body:
            case [ast.Expr(ast.Constant(str())) as docstring, *rest]:
                # A dataclass without one would compute its signature at import, for its documentation.
                if isinstance(node, ast.ClassDef) and node.decorator_list:
                    docstring.value.value = "Documented elsewhere."
                elif rest or isinstance(node, ast.Module):
                    node.body = rest
                else:
                    node.body = [ast.copy_location(ast.Pass(), docstring)]
    return tree


def compiled(name: str, source: bytes) -> bytes:
    """Return a module as Python keeps it in a .pyc that is never compared with its source."""
    tree = ast.parse(source)
    # SQLAlchemy amends the documentation of its events as it loads, and insists that there is some.
    if not name.endswith("events.py"):
        tree = without_docstrings(tree)
    code = compile(tree, name, "exec", dont_inherit=True)
    return bytes(_code_to_hash_pyc(code, b"unneeded", False))


def pack(standard_library: str, packages: str, target: str) -> str:
    """Write the archive; return the versions of Python and SQLite in it."""
    with zipfile.ZipFile(standard_library) as archive:
        modules = {name: archive.read(name) for name in archive.namelist() if wanted(name)}
    others = {}
    for file in sorted(Path(packages).rglob("*")):
        name = file.relative_to(packages).as_posix()
        if file.is_file() and not name.startswith(LEFT_OUT_PARTS):
            (modules if file.suffix == ".py" else others)[name] = file.read_bytes()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(modules):
            archive.writestr(zipfile.ZipInfo(name + "c", DAY), compiled(name, modules[name]))
        for name in sorted(others):
            archive.writestr(zipfile.ZipInfo(name, DAY), others[name])
    import json
    import platform
    import sqlite3

    return json.dumps({"python": platform.python_version(), "sqlite": sqlite3.sqlite_version})
