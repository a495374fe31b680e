"""The pool's defaults: what they are, that engines have them, on each SQLAlchemy from 2.0 on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import QueuePool, create_engine
from sqlalchemy.pool.base import ResetStyle
from uv import find_uv_bin

from snippets.engine import defaults
from snippets.engine.defaults import MEANING, pool_defaults
from tests.conftest import missing
from tools import outputs

SNIPPET = Path(defaults.__file__)


def test_the_defaults() -> None:
    assert pool_defaults() == {
        "pool_size": 5,
        "max_overflow": 10,
        "pool_timeout": 30.0,
        "pool_use_lifo": False,
        "pool_recycle": -1,
        "pool_pre_ping": False,
        "pool_reset_on_return": True,
    }
    assert list(MEANING) == list(pool_defaults())


def test_an_engine_has_them() -> None:
    pool = create_engine("sqlite:///not-opened.db").pool
    assert isinstance(pool, QueuePool)
    said = pool_defaults()
    assert (pool.size(), pool._max_overflow, pool.timeout()) == (
        said["pool_size"],
        said["max_overflow"],
        said["pool_timeout"],
    )
    assert (pool._pool.use_lifo, pool._recycle, pool._pre_ping) == (
        said["pool_use_lifo"],
        said["pool_recycle"],
        said["pool_pre_ping"],
    )
    assert pool._reset_on_return is ResetStyle.reset_rollback


def test_passing_them_changes_nothing() -> None:
    given = create_engine("sqlite:///not-opened.db", **pool_defaults()).pool
    assert isinstance(given, QueuePool)
    assert given.status() == create_engine("sqlite:///not-opened.db").pool.status()
    assert given._reset_on_return is ResetStyle.reset_rollback


@pytest.mark.parametrize(
    "version",
    [
        "2.0",
        pytest.param("2.1", marks=pytest.mark.skipif(sys.version_info < (3, 11), reason="2.1 needs Python 3.11")),
    ],
)
def test_they_are_the_same_on(version: str, tmp_path: Path) -> None:
    versions = "import sqlalchemy, sys; print(sqlalchemy.__version__, file=sys.stderr)\n"
    script = tmp_path / "defaults_and_version.py"
    script.write_text(SNIPPET.read_text().replace("from inspect import", f"{versions}from inspect import"))
    done = subprocess.run(
        [find_uv_bin(), "run", "--quiet", "--no-project", "--with", f"sqlalchemy=={version}.*", script],
        env={**os.environ, "UV_PYTHON": sys.executable},
        capture_output=True,
        text=True,
    )
    if done.returncode and outputs.NOT_ANSWERED in done.stderr:
        missing(outputs.MISSING)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(f"{version}.")
    assert done.stdout == SNIPPET.with_suffix(".out").read_text()
