"""The site's own search: a reader's words, typed or pasted, and the note that must come first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from .test_browser import address, browser  # noqa: F401  (fixtures)

# What a person would type, not the titles; in each group, nine in ten have to be right.
FIRST_FLASK_APP = [
    ("what is a connection pool", "database-connection-pooling"),
    ("connection pooling explained for beginners", "database-connection-pooling"),
    ("why do I need pooling at all", "database-connection-pooling"),
    ("flask with sqlalchemy but no extension", "sqlalchemy-in-flask"),
    ("close the connection at the end of a flask request", "sqlalchemy-in-flask"),
    ("flask app factory create_engine example", "sqlalchemy-in-flask"),
    ("flask-sqlalchemy set pool size", "flask-sqlalchemy"),
    ("SQLALCHEMY_POOL_SIZE has no effect", "flask-sqlalchemy"),
    ("SQLALCHEMY_ENGINE_OPTIONS example", "flask-sqlalchemy"),
    ("difference flask-sqlalchemy and flask-sqlalchemy-lite", "flask-sqlalchemy"),
    ("RuntimeError: Working outside of application context.", "flask-sqlalchemy"),
    ("AttributeError: 'Engine' object has no attribute 'execute'", "sqlalchemy-in-flask"),
    ("do I have to use the ORM", "core-without-orm"),
    ("plain sql without models", "core-without-orm"),
    ("can all requests share one connection", "one-global-connection"),
    ("psycopg.connect at the top of my module", "one-global-connection"),
    ("is it bad to connect in every request", "connection-per-request"),
    ("should the engine be a singleton", "singleton-and-pools"),
    ("create_engine defaults", "engine-configuration"),
    ("pysqlpool alternative for python 3", "pysqlpool"),
]
PRODUCTION_ON_FIRE = [
    (
        "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, "
        "timeout 30.00 (Background on this error at: https://sqlalche.me/e/20/3o7r)",
        "queuepool-limit",
    ),
    ("QueuePool limit of size 20 overflow 0 reached, connection timed out, timeout 5.00", "queuepool-limit"),
    ("connection timed out, timeout 30", "queuepool-limit"),
    ("pool exhausted", "queuepool-limit"),
    ("connections stuck idle in transaction", "queuepool-limit"),
    ("find a connection leak", "queuepool-limit"),
    ("NullPool instead of QueuePool to fix timeout", "queuepool-limit"),
    (
        "psycopg.errors.InFailedSqlTransaction: current transaction is aborted, commands ignored until end of "
        "transaction block",
        "one-global-connection",
    ),
    ("user sees another user's data after deploy with gunicorn --preload", "fork-safety"),
    ("wrong rows with multiple gunicorn workers", "fork-safety"),
    ("engine.dispose() in child process", "fork-safety"),
    ("sqlalchemy.exc.ResourceClosedError: This Connection is closed", "acquire-use-release"),
    (
        "sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:postgres",
        "mega-tutorial-part-iv",
    ),
    (
        "TypeError: Invalid argument(s) 'pool_size' sent to create_engine(), using configuration "
        "PGDialect_psycopg/NullPool/Engine. Please check that the keyword arguments are appropriate for this "
        "combination of components.",
        "engine-configuration",
    ),
    ("TypeError: MetaData.__init__() got an unexpected keyword argument 'bind'", "sqlalchemy-in-flask"),
    ("sqlalchemy.exc.ArgumentError: List argument must consist only of dictionaries", "references-revisited"),
    ("pymysql connect slow ssl", "what-a-connection-costs"),
    ("requests wait full timeout although database is back", "queuepool"),
    ("rows disappear, insert not committed after upgrade to sqlalchemy 2", "references-revisited"),
    ("rollback in one request loses data of another", "one-global-connection"),
]
DESIGNING_A_SERVICE = [
    ("how many connections should a pool have", "pool-size"),
    ("pool size formula cores * 2", "pool-size"),
    ("optimal pool_size for 8 threads", "pool-size"),
    ("deadlock when a request needs two connections", "pool-size"),
    ("cost of opening a postgres connection", "what-a-connection-costs"),
    ("memory per postgres connection", "what-a-connection-costs"),
    ("TLS and SCRAM overhead per connect", "what-a-connection-costs"),
    ("write a connection pool in python", "build-a-pool"),
    ("thread safe pool implementation with timeout", "build-a-pool"),
    ("what should a pool guarantee", "acquire-use-release"),
    ("max_overflow vs pool_size", "queuepool"),
    ("pool metrics checkedout overflow monitoring", "queuepool"),
    ("pool_use_lifo", "queuepool"),
    ("which pool class does sqlalchemy use for my url", "engine-configuration"),
    ("one engine per process or per thread", "singleton-and-pools"),
    ("multiprocessing with sqlalchemy engine", "fork-safety"),
    ("task queue worker forks, database connections", "fork-safety"),
    ("when is a new connection per request ok", "connection-per-request"),
    ("use sqlalchemy pool with plain dbapi", "core-without-orm"),
    ("timeouts in client, proxy, web server and pool", "system-design"),
]
GROUPS = {
    "first Flask app": FIRST_FLASK_APP,
    "production on fire": PRODUCTION_ON_FIRE,
    "designing a service": DESIGNING_A_SERVICE,
}


# Types each question into the search, and reads what comes first in the answer to it. The worker's answers are awaited
# as they come, so that no answer is taken for the one to the question before.
ANSWERS = """
const told = [];
window.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", (event) => event.data.data?.items && setTimeout(() => told.shift()?.()));
  }
};
window.ask = async (questions) => {
  const box = document.querySelector("[data-md-component=search-query]");
  const found = [];
  for (const question of questions) {
    const answer = new Promise((resolve) => told.push(resolve));
    box.value = question;
    box.dispatchEvent(new KeyboardEvent("keyup"));
    await answer;
    found.push(document.querySelector(".md-search-result__item a")?.getAttribute("href") ?? "");
  }
  return found;
};
"""


@pytest.fixture(scope="module")
def reader(browser: Browser, address: str) -> Iterator[Page]:  # noqa: F811
    """A page whose search is ready."""
    page = browser.new_page()
    page.add_init_script(ANSWERS)
    page.goto(address)
    page.get_by_role("textbox", name="Search").focus()
    page.locator(".md-search-result__meta", has_text="Type to start").wait_for()
    yield page
    page.close()


def first(page: Page, questions: list[str]) -> list[str]:
    """Return, for each question, the last part of the address of the first note; empty if none is found."""
    links: list[str] = page.evaluate("questions => ask(questions)", questions)
    return [link.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2] for link in links]


@pytest.mark.parametrize("group", GROUPS)
def test_the_note_that_answers_comes_first(reader: Page, group: str) -> None:
    questions = GROUPS[group]
    found = first(reader, [question for question, _ in questions])
    misses = [
        f"{question}: {wanted} should be first, {got or 'nothing'} is"
        for (question, wanted), got in zip(questions, found, strict=True)
        if got != wanted
    ]
    print(*misses, sep="\n")
    assert len(questions) == 20
    assert len(misses) <= 2, "\n".join(misses)


def test_what_the_search_works_with_is_not_shown(reader: Page) -> None:
    """Neither the names by which it finds a note, nor the forms of a word that are missing there."""
    box = reader.get_by_role("textbox", name="Search")
    box.fill("QueuePool limit reached: connections leaking")
    box.press("End")
    article = reader.locator(".md-search-result__article").first
    article.get_by_role("heading", name="QueuePool limit of size 5 overflow 10 reached").wait_for()
    assert article.locator(".md-tags").count() == 1
    assert article.locator(".md-tags").is_hidden()
    assert "Missing" not in article.inner_text()
