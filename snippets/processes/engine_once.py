# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["flask>=3.0", "sqlalchemy>=2.0"]
# ///
"""One engine: by a module, by a Borg, by an app.

Python runs a module once, so an engine at module level is one per process, for all who import it. A Borg,
whose instances share their state, ignores all URLs but the first. An engine for each app is made where
the app is. Use the module for one database and one app, the holder for an app factory. Not the Borg.

Servers: SQLite.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, cast

from flask import Flask, current_app
from sqlalchemy import Engine, create_engine

# --8<-- [start:module]
engine = create_engine("sqlite:///shop.db")  # It connects when first used, not here.
# --8<-- [end:module]


# --8<-- [start:imports]
def engines_in(*modules: str) -> int:
    """Import modules by name; return how many engines they have among them."""
    return len({id(import_module(module).engine) for module in modules})
# --8<-- [end:imports]


# --8<-- [start:borg]
class BorgPool:
    """All instances share one state, so there is one engine: that of whoever comes first."""

    _shared: ClassVar[dict[str, Any]] = {}
    engine: Engine

    def __init__(self, url: str) -> None:
        self.__dict__ = self._shared
        if "engine" not in self.__dict__:
            self.engine = create_engine(url)
# --8<-- [end:borg]


# --8<-- [start:holder]
class Database:
    """Knows the engine of the current app, and keeps none itself."""

    def init_app(self, app: Flask) -> None:
        """Make the app's engine, from its configuration."""
        app.extensions["database"] = create_engine(app.config["DATABASE_URL"])

    @property
    def engine(self) -> Engine:
        """The engine of the app that serves the current request."""
        return cast(Engine, current_app.extensions["database"])


database = Database()  # At module level, for views to import.


def create_app(database_url: str) -> Flask:
    """Make an app with an engine of its own."""
    app = Flask(__name__)
    app.config["DATABASE_URL"] = database_url
    database.init_app(app)
    return app
# --8<-- [end:holder]


def demo() -> None:
    """Count engines behind imports, and look which URL each instance and each app ends up with."""
    sys.dont_write_bytecode = True  # This file imports itself, and should leave nothing behind.
    name = Path(__file__).stem
    print(f"engines in a module imported three times: {engines_in(name, name, name)}")
    print(f"engines in a module imported, and run as a script: {engines_in(name, '__main__')}")
    for url in ("sqlite:///orders.db", "sqlite:///reports.db"):
        print(f"BorgPool({url!r}) has {BorgPool(url).engine.url}")
        with create_app(url).app_context():
            print(f"create_app({url!r}) has {database.engine.url}")


if __name__ == "__main__":
    demo()
