"""The mysqlclient driver, which the requirements leave out: it has no wheels for Linux, and takes a compiler."""

from __future__ import annotations

import importlib.util

from sqlalchemy import make_url

MISSING = (
    "mysqlclient is missing: `apt-get install gcc pkg-config libmariadb-dev python3-dev`, "
    "then `.venv/bin/pip install -r tools/requirements-ci.txt`"
)


def is_installed() -> bool:
    """Tell whether it is there."""
    return importlib.util.find_spec("MySQLdb") is not None


def url(mariadb: str) -> str:
    """Return the URL of a MariaDB with this driver instead of PyMySQL."""
    return make_url(mariadb).set(drivername="mariadb+mysqldb").render_as_string(hide_password=False)
