"""Which snippets run in the browser's Python: each is run there, and what came of it is a part of its proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from garden.snippets.catalog import Snippet
from tests.conftest import missing
from tests.snippets import browser_python
from tests.snippets.browser_python import Ended, Python, verdict
from tests.snippets.catalog import all_snippets
from tests.snippets.normalize import normalize


@pytest.fixture(scope="module")
def python() -> Iterator[Python]:
    """The browser's Python."""
    with browser_python.running() as found:
        if found is None:
            missing(browser_python.MISSING)
        yield found


@pytest.mark.parametrize("snippet", all_snippets(), ids=lambda snippet: snippet.key)
def test_it_runs_in_the_browser_or_lacks_what_is_not_there(
    snippet: Snippet, python: Python, record_property: Callable[[str, object], None]
) -> None:
    ended = python.run(snippet.pasted, snippet.path.name)
    found = verdict(snippet, ended)
    assert found is not None, f"status {ended.status}, {ended.error}, printed:\n{ended.output}"
    record_property("browser", found)
    if found["runs"]:
        # Again in the same Python, as a reader does who presses Run twice.
        again = python.run(snippet.pasted, snippet.path.name, fresh=False)
        assert (again.status, normalize(again.output)) == (0, normalize(ended.output))


def test_a_program_begins_with_nothing_of_the_one_before(python: Python) -> None:
    first = python.run(
        "import os, sys\n"
        "open('left.txt', 'w').close()\n"
        "os.environ['LEFT'] = 'x'\n"
        "sys.path.append('/left')\n"
        "left = 1\n"
        "open('helper.py', 'w').write('x = 1')\n"
        "import helper\n",
        "first.py",
    )
    assert (first.status, first.error) == (0, "")
    second = python.run(
        "import os, sys\n"
        "print(os.listdir(), 'LEFT' in os.environ, '/left' in sys.path, 'left' in globals(), 'helper' in sys.modules)\n"
        "print(__name__, __file__, sys.argv)\n",
        "second.py",
        fresh=False,
    )
    assert second.output == "['second.py'] False False False False\n__main__ second.py ['second.py']\n"


def test_a_program_imports_its_own_modules_and_not_those_of_the_one_before(python: Python) -> None:
    program = (
        "import os\n"
        "os.mkdir('part')\n"
        "open('part/helper{0}.py', 'w').write('x = {0}')\n"
        "from part import helper{0}\n"
        "print(helper{0}.x)\n"
    )
    outputs = [python.run(program.format(number), fresh=number == 1).output for number in (1, 2)]
    assert outputs == ["1\n", "2\n"]


def test_a_restored_python_has_all_its_memory(python: Python) -> None:
    # A snapshot is kept without what was not in use; that must be there again, and grow.
    ended = python.run("kept = [bytearray(b'x') * 1_000_000 for _ in range(100)]\nprint(sum(map(len, kept)))\n")
    assert (ended.output, ended.error) == ("100000000\n", "")


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (
            "def half(n):\n    return 1 / n\n\n\nhalf(0)\n",
            "program.py, line 5\n    half(0)\nprogram.py, line 2, in half\n    return 1 / n\n"
            "ZeroDivisionError: division by zero",
        ),
        (
            "import json\n\njson.loads('{')\n",
            "program.py, line 3\n    json.loads('{')\n  raised in json/decoder.py\njson.decoder.JSONDecodeError: "
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        ("x = (\n", "  File \"program.py\", line 1\n    x = (\n        ^\nSyntaxError: '(' was never closed"),
        ("import sys\nsys.exit('no')\n", "no"),
        ("input()\n", "program.py, line 1\n    input()\nOSError: [Errno 29] I/O error"),
    ],
)
def test_an_error_is_told_with_the_programs_own_lines(python: Python, source: str, error: str) -> None:
    ended = python.run(source)
    assert (ended.status, ended.error) == (1, error)


def test_a_deep_recursion_is_cut_in_the_middle(python: Python) -> None:
    error = python.run("def deeper():\n    deeper()\n\n\ndeeper()\n").error.split("\n")
    assert error[0] == "program.py, line 5"
    assert len(error) < 20
    assert any(line.endswith(" more") for line in error)
    assert error[-1].startswith("RecursionError: maximum recursion depth exceeded")


def test_an_exit_status_is_kept(python: Python) -> None:
    assert python.run("import sys\nsys.exit(3)\n").status == 3
    assert python.run("import sys\nsys.exit()\n").status == 0


def test_two_readers_do_not_get_the_same_random_numbers(python: Python) -> None:
    program = "import random\nprint(random.random())\n"
    assert python.run(program).output != python.run(program).output


def test_a_wrong_output_has_no_excuse() -> None:
    lease = next(snippet for snippet in all_snippets() if snippet.key == "pooling/lease")
    assert verdict(lease, Ended("something else\n", 0, "")) is None
    assert verdict(lease, Ended("", 1, "ValueError: x")) is None
    threads = Ended("", 1, "RuntimeError: can't start new thread")
    assert verdict(lease, threads) == {"runs": False, "needs": "threads"}
