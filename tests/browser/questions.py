"""What readers ask the search: their words, typed or pasted, and the page that must come first.

Where two pages answer equally well, a bar stands between them.
"""

from __future__ import annotations

# What a person would type, not the titles; with the note that answers it.
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
# Written before the search was made, and used to make it.
ASKED_WHILE_MAKING = [
    ("my app hangs after exactly 15 requests", "queuepool-limit"),
    ("conection leek", "queuepool-limit|acquire-use-release"),
    (
        "psycopg.OperationalError: consuming input failed: server closed the connection unexpectedly "
        "This probably means the server terminated abnormally before or while processing the request.",
        "engine-configuration|mega-tutorial-part-iv",
    ),
    ("how many gunicorn workers can my postgres take", "connection-budget"),
    ("pool_pre_ping", "engine-configuration"),
    ("pool_recycle", "engine-configuration"),
    ("checkedout", "queuepool"),
    ("lease.py", "lease"),
    ("pool_doctor.py", "pool_doctor"),
    ("three_ways", "three_ways"),
    (
        'psycopg.OperationalError: connection failed: connection to server at "10.0.3.7", port 5432 '
        "failed: FATAL:  sorry, too many clients already",
        "connection-budget",
    ),
    ("pymysql.err.OperationalError: (1040, 'Too many connections')", "connection-budget"),
    ("FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute", "connection-budget"),
    ("sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no such table: user", "sqlite-and-pooling"),
    (
        "sqlite3.ProgrammingError: SQLite objects created in a thread can only be used in that same "
        "thread. The object was created in thread id 140235 and this is thread id 140711.",
        "sqlite-and-pooling",
    ),
    (
        "TypeError: Invalid argument(s) 'max_overflow','pool_timeout' sent to create_engine(), using "
        "configuration SQLiteDialect_pysqlite/SingletonThreadPool/Engine.",
        "engine-configuration",
    ),
    (
        "sqlalchemy.exc.InternalError: (psycopg.errors.InFailedSqlTransaction) current transaction is "
        "aborted, commands ignored until end of transaction block",
        "one-global-connection",
    ),
    ("first request in the morning fails, second one works", "mega-tutorial-part-iv|engine-configuration"),
    ("too slow to open a new conection every request", "connection-per-request|what-a-connection-costs"),
    ("conn = psycopg2.connect() as global variable", "one-global-connection"),
    ("users see other peoples data", "fork-safety|one-global-connection"),
    ("create_engine inside the view function", "singleton-and-pools|connection-per-request"),
    ("what happens if I forget to close a connection", "acquire-use-release"),
    ("engine.execute is gone", "sqlalchemy-in-flask|references-revisited"),
    ("heroku gives me a postgres:// url", "mega-tutorial-part-iv"),
    ("unit tests with in memory database, tables are missing", "sqlite-and-pooling"),
    ("counter too low, updates get lost", "sqlite-and-pooling"),
    ("do I still need a pool with pgbouncer", "connection-per-request|singleton-and-pools"),
    ("cron job or script that connects once", "connection-per-request"),
    ("should I raise max_connections in postgresql.conf", "connection-budget"),
    ("scale to more pods, database full", "connection-budget"),
    ("teardown_appcontext", "sqlalchemy-in-flask"),
    ("deadlok two connections in one request", "pool-size|queuepool-limit"),
    ("bigger pool makes it slower", "pool-size"),
    ("which throughput curve knee", "pool-size"),
    ("pip install PySQLPool fails", "pysqlpool"),
    ("old value is read although another process commited, mariadb", "one-global-connection"),
    ("return 503 when the pool is full", "queuepool-limit"),
    ("utilization 80 percent response time explodes", "queueing-for-pools"),
    ("write a pool from scratch", "build-a-pool"),
    ("pg_stat_activity", "queuepool-limit"),
    ("what does dispose do", "fork-safety"),
    ("what words mean, dictionary", "glossary"),
    ("list of all error messages", "errors"),
    ("pool size zero", "queuepool"),
    ("QueuePol limit reched", "queuepool-limit"),
    ("singelton engine", "singleton-and-pools"),
    ("sqlite write transaction begin imediate", "sqlite-and-pooling"),
    ("session.rollback in one request undoes another request", "one-global-connection"),
    ("raw dbapi cursor with sqlalchemys pool", "core-without-orm"),
]

# Written at the same time, drawn by lot, and not asked before the search was finished.
HELD_OUT = [
    ("we ran out of database connections", "queuepool-limit|connection-budget"),
    ("restart fixes it for some hours then requests hang again", "queuepool-limit"),
    ("MySQL server has gone away", "engine-configuration|mega-tutorial-part-iv"),
    ("celery tasks get each others results", "fork-safety"),
    ("uwsgi and sqlalchemy after fork", "fork-safety"),
    ("max_overflow", "queuepool"),
    ("pool_reset_on_return", "engine-configuration"),
    ("fork safe engine snippet", "fork_safe_engine|fork-safety"),
    ("litle's law", "queueing-for-pools"),
    (
        "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database is locked [SQL: UPDATE "
        "counter SET hits=? WHERE id = ?] [parameters: (42, 1)]",
        "sqlite-and-pooling",
    ),
    ("psycopg_pool.PoolTimeout: couldn't get a connection after 10.00 sec", "fairness"),
    (
        "sqlalchemy.exc.ArgumentError: Column expression, FROM clause, or other columns clause element "
        "expected, got [Column('id', Integer())]. Did you mean to say select(...)",
        "references-revisited",
    ),
    ('row["name"] tuple indices must be integers or slices', "sqlalchemy-in-flask"),
    ("why is connecting so slow", "what-a-connection-costs"),
    ("is it safe to share a connection between threads", "one-global-connection"),
    ("close connection automatically with a context manager", "acquire-use-release"),
    ("idle in transaction", "queuepool-limit"),
    ("miguel grinberg tutorial database chapter", "mega-tutorial-part-iv"),
    ("foreign keys not enforced in sqlite", "sqlite-and-pooling"),
    ("some requests wait much longer than others", "fairness"),
    ("thread never gets a connection, starvation", "fairness"),
    ("rolling deploy doubles number of connections", "connection-budget"),
    ("db.session outside of a request", "flask-sqlalchemy"),
    ("gunicorn timeout shorter than pool timeout", "system-design"),
    ("borg pattern", "singleton-and-pools"),
    ("lazy creation of the engine thread safe", "singleton-and-pools"),
    ("are pools shared between workers", "singleton-and-pools"),
    ("requests per second times duration", "queueing-for-pools"),
    ("sqlalchemy 1.4 to 2.0 what broke", "references-revisited"),
    ("fair pool for sqlalchemy using psycopg_pool", "fairness"),
]

# Of each group: its questions, how many must come first, and how many among the first three.
GROUPS = {
    "first Flask app": (FIRST_FLASK_APP, 18, 19),
    "production on fire": (PRODUCTION_ON_FIRE, 18, 19),
    "designing a service": (DESIGNING_A_SERVICE, 18, 19),
    "asked while making": (ASKED_WHILE_MAKING, 37, 43),
    "held out": (HELD_OUT, 19, 23),
}
