"""Who holds the pool's lock: the two orders, step by step, without a thread."""

from __future__ import annotations

import threading

import pytest

from snippets.pooling import lock_order_sim
from snippets.pooling.lock_order_sim import Ask, Step, do, locked, mended, request, rounds
from tests.snippets.catalog import ROOT

KEPT = ROOT / "snippets" / "pooling" / "lock_order_sim.out"


def play(*requests: object) -> list[dict[str, str]]:
    """Play so many threads to the end."""
    return list(rounds(dict(zip("ABCD", requests, strict=False))))  # type: ignore[arg-type]


def runs(words: dict[str, str]) -> list[str]:
    """Return the connections on which a statement runs."""
    return [doing.split()[2] for doing in words.values() if doing.startswith("runs on ")]


def test_with_the_lock_in_hand_one_statement_runs_at_a_time() -> None:
    story = play(*(request(locked) for _ in range(3)))
    assert max(len(runs(words)) for words in story) == 1
    assert {connection for words in story for connection in runs(words)} == {"1"}
    assert any(words["B"] == "waits for 1 [lock]" and words["C"] == "waits for lock []" for words in story)


def test_without_it_as_many_run_as_there_are_connections() -> None:
    story = play(*(request(mended) for _ in range(3)))
    assert max(len(runs(words)) for words in story) == 2
    assert all(len(runs(words)) == len(set(runs(words))) for words in story)
    assert any(words["C"] == "finds none [lock]" for words in story)
    assert any(words["C"] == "waits for 1 or 2 []" for words in story)


@pytest.mark.parametrize("ask", [locked, mended])
def test_everybody_ends_with_nothing_in_hand(ask: object) -> None:
    story = play(*(request(ask) for _ in range(4)))  # type: ignore[arg-type]
    last = {thread: words[thread] for words in story for thread in words}
    assert set(last) == set("ABCD")
    assert all(words in ("gives back 1 []", "gives back 2 []") for words in last.values())


def test_a_thread_that_asks_for_two_waits_for_itself() -> None:
    assert [words["A"] for words in play(request(locked, 2))] == [
        "takes lock [lock]",
        "takes 1 [lock, 1]",
        "gives back lock [1]",
        "takes lock [1, lock]",
        "waits for 1 [1, lock]",
    ]


def test_and_when_others_come_in_between_each_waits_for_what_the_other_holds() -> None:
    story = play(request(locked, 2), request(locked), request(locked))
    assert story[-1] == {"A": "waits for lock [1]", "B": "waits for 1 [lock]", "C": "waits for lock []"}


def test_mended_it_gets_both() -> None:
    story = play(request(mended, 2))
    assert [words["A"] for words in story if "finds" in words["A"]] == ["finds 1 [lock, 1]", "finds 2 [1, lock, 2]"]
    assert [words["A"] for words in story][-2:] == ["gives back 1 [2]", "gives back 2 []"]


def test_mended_two_threads_that_ask_for_two_each_still_need_a_pool_that_is_large_enough() -> None:
    story = play(request(mended, 2), request(mended, 2))
    assert story[-1] == {"A": "waits for 1 or 2 [1]", "B": "waits for 1 or 2 [2]"}


@pytest.mark.parametrize(
    ("step", "got", "after"),
    [
        (("takes", "lock"), "lock", {"1": "B", "lock": "A"}),
        (("takes", "1"), None, {"1": "B"}),
        (("finds", "1 or 2"), "2", {"1": "B", "2": "A"}),
        (("finds", "1"), "", {"1": "B"}),
        (("waits for", "1"), None, {"1": "B"}),
        (("waits for", "1 or 2"), "2", {"1": "B"}),
        (("gives back", "1"), "", {}),
        (("runs on", "1"), "", {"1": "B"}),
    ],
)
def test_what_a_step_does(step: Step, got: str | None, after: dict[str, str]) -> None:
    holder = {"1": "B"}
    assert do("A", step, holder) == got
    assert holder == after


def test_the_whole_story_is_the_same_every_time_and_needs_no_thread(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    lock_order_sim.demo()
    assert capsys.readouterr().out == KEPT.read_text(encoding="utf-8")


def test_an_order_is_a_generator_of_steps() -> None:
    ask: Ask = mended()
    assert next(ask) == ("takes", "lock")
    assert ask.send("lock") == ("finds", "1 or 2")
    assert ask.send("") == ("gives back", "lock")
    assert ask.send("") == ("waits for", "1 or 2")
    assert ask.send("2") == ("takes", "lock")
