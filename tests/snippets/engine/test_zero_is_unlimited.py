"""A size of zero, and an overflow of -1: no limit but the server's."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, make_url
from sqlalchemy.exc import OperationalError

from snippets.engine.zero_is_unlimited import peak
from tests.servers.postgres import Postgres
from tests.snippets.conftest import Connections


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (15, 5)),
        ({"max_overflow": 0}, (5, 5)),
        ({"pool_size": 0}, (30, 30)),
        ({"pool_size": 0, "max_overflow": 0}, (30, 30)),
        ({"max_overflow": -1}, (30, 5)),
        ({"poolclass": NullPool}, (30, 0)),
    ],
    ids=str,
)
def test_a_peak_of_thirty(
    options: dict[str, Any], expected: tuple[int, int], database_url: str, connections: Connections
) -> None:
    if "poolclass" not in options:
        options = {"pool_timeout": 0.1, **options}
    engine = create_engine(database_url, **options)
    assert peak(engine, 30) == expected
    assert (connections.most, connections.open) == expected
    engine.dispose()


@pytest.mark.parametrize("options", [{"pool_size": 0}, {"max_overflow": -1}], ids=str)
def test_the_server_then_says_no(options: dict[str, int], postgres_database: str, postgres_server: Postgres) -> None:
    with postgres_server.connect() as admin:
        admin.execute(f"ALTER DATABASE {make_url(postgres_database).database} CONNECTION LIMIT 8")
    engine = create_engine(postgres_database, **options)
    with pytest.raises(OperationalError, match="too many connections"):
        peak(engine, 30)
    engine.dispose()
