"""Other words for what the notes say: what readers type, and words of the notes that mean the same.

The search asks for both, and what was typed counts more. In front of each colon stand words as people type them, up to
three together, with a comma between one and the next; their endings do not matter. Behind it stand words of the notes.
"""

from __future__ import annotations

_LINES = """
hang, hung, stuck, freeze, frozen, block, unresponsive: wait timeout exhausted
ran out, run out, no more, none left, used up, deplete: exhausted limit reached
leek, leaky, never close, not close, not return, forgot to close, forget to close: leak release
gone away, lost connection, broken pipe, connection reset, server closed, terminated: pool_pre_ping recycle idle died
stale, dropped, disconnect, keepalive, reconnect, heartbeat, died: pool_pre_ping recycle idle
morning, overnight, night, weekend: idle pool_pre_ping died
refuse, reject, deny: limit reached
sluggish, latency, take long: slow cost time
explode, spike, surge, rush, peak: burst wait
crash, exception, traceback: error
mixed up, each other, someone else, somebody else, other people, other user, wrong user: wrong rows another
overwrite, disappear, vanish: lost updates
dictionary, terminology, vocabulary, jargon, definition, mean: glossary
beginner, newbie, introduction, basics, tutorial: start
pod, replica, kubernetes, k8s, container, instance, autoscale: process worker service budget
celery, rq, dramatiq, huey: task queue fork worker
uwsgi, uvicorn, mod_wsgi, waitress: gunicorn worker fork
pgpool, odyssey, rds proxy: pgbouncer pooler
lambda, serverless: process connects once
mysql: mariadb
postgres, pg: postgresql
psycopg2: psycopg
give back, hand back, put back, cleanup: release
borrow, fetch, grab: acquire checkout
bottleneck: exhausted knee
utilisation: utilization
tune, tuning, optimal, ideal: size method
bigger, larger, increase, raise, enlarge: size more
unlimited, infinite, unbounded: limit zero
prefork: fork preload
pytest, unittest: tests memory
migrate, migration: upgrade changed
raw: plain dbapi driver
singleton: once
metric, prometheus, monitor: status checkedout
"""

# What is typed, and the words that the search asks for besides.
SYNONYMS = {
    typed.strip(): meant.strip()
    for line in _LINES.strip().splitlines()
    for all_typed, _, meant in [line.partition(":")]
    for typed in all_typed.split(",")
}
