"""Python in a block that calls itself text, or nothing, is told; whatever else such a block may hold is not."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault

WHAT = (
    "is Python, though its block does not say so, and not tested; "
    'move it into a snippet and include it: --8<-- "topic/name.py:region" [code-untested]'
)


@pytest.mark.parametrize("header", ["", "text", "Text", "plain", "{.text}"])
@pytest.mark.parametrize(
    "code",
    [
        "from sqlalchemy import create_engine\n\nengine = create_engine(url)",
        "def take(pool):\n    return pool.get()",
        "async def take(pool):\n    return await pool.get()",
        "class Pool:\n    size = 5",
        "@app.get('/')\ndef home():\n    return 'x'",
    ],
)
def test_python_that_does_not_say_so(vault: Vault, header: str, code: str) -> None:
    site = vault({"index.md": f"---\ntags: [x]\n---\n\n# Home\n\n```{header}\n{code}\n```\n"})
    assert site.problems == [f"docs/index.md:7: {WHAT}"]


def test_in_other_blocks(vault: Vault) -> None:
    lines = [
        "- item",
        "",
        "    ```",
        "    def f():",
        "        pass",
        "",
        "    ```",
        "",
        "> ```",
        "> def f():",
        ">     pass",
    ]
    site = vault(
        {"index.md": "\n".join(["# Home", "", *lines, "> ```", "", "%%", "```", "class A: pass", "```", "%%", ""])}
    )
    assert site.problems == [f"docs/index.md:5: {WHAT}", f"docs/index.md:11: {WHAT}"]


@pytest.mark.parametrize(
    "text",
    [
        'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    from x import y\nImportError: no',
        "from the pool: 5\nclass of service: 2",
        "SELECT a\nfrom b",
        "class Pool {\n  int size;\n}",
        "def f():\nreturn 1",
        "import java.util.List;\npool.size()",
        "pool = max(1, cores)\nwhile busy:\n    wait",
        ">>> from x import y\n>>> y()",
        "2026-01-31 12:00:00 INFO pool.get()",
        f"class A:\n  x = {'-' * 50_000}1",
        "pool_size = 5\nmax_overflow = 10",
    ],
)
def test_what_may_be_something_else(vault: Vault, text: str) -> None:
    assert vault({"index.md": f"# Home\n\n```text\n{text}\n```\n"}).problems == []


@pytest.mark.parametrize(
    "block",
    [
        '```text title="garden/a.py"\nfrom x import y\n```',
        "```console\nfrom x import y\n```",
    ],
)
def test_blocks_that_say_what_they_are(vault: Vault, block: str) -> None:
    assert vault({"index.md": f"# Home\n\n{block}\n"}).problems == []


def test_a_block_that_is_not_closed_is_told_once(vault: Vault) -> None:
    found = vault({"index.md": "# Home\n\n```text\nfrom x import y\n"}).problems
    assert found == ["docs/index.md:3: this block is never closed; end it with a line of ``` [code-unclosed]"]
