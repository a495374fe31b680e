"""The calculators in Chromium: they compute what the snippets do, say what is wrong, and need no script to be read."""

from __future__ import annotations

import importlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import asdict
from random import Random
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from garden.model.report import Report
from garden.model.settings import Settings
from garden.snippets.calculator import Calculator, read
from garden.snippets.library import Library
from tests.browser.conftest import ROOT, Outcome
from tests.snippets.sizing.test_connection_budget import TEXTS

PAGES = {
    "connection_budget": "connection-budget/",
    "littles_law": "queueing-for-pools/",
    "deadlock_bound": "pool-size/",
}
SNIPPETS = Library(ROOT, Settings(), Report()).snippets
INPUTS = 1_000
SECONDS = 5


def calculator(name: str) -> Calculator:
    """Return what the engine has read of a snippet."""
    return read(SNIPPETS[f"sizing/{name}.py"])


def python(name: str, **given: float) -> dict[str, float]:
    """Return what a snippet computes, by name."""
    found = getattr(importlib.import_module(f"snippets.sizing.{name}"), name)(**given)
    return {name: found} if isinstance(found, int) else asdict(found)


def drawn(name: str) -> list[dict[str, float]]:
    """Return a thousand inputs, within the bounds of the form; a tenth of the numbers are bounds."""
    chance = Random(1)

    def number(low: str, high: str, whole: bool) -> float:
        most = float(high) if chance.random() < 0.2 else min(float(high), 300.0)
        edge = chance.choice((float(low), most)) if chance.random() < 0.1 else None
        if whole:
            return chance.randint(int(low), int(most)) if edge is None else int(edge)
        return edge or chance.choice((float(chance.randint(1, int(most))), chance.uniform(float(low), most)))

    fields = calculator(name).inputs
    return [{field.name: number(field.low, field.high, field.whole) for field in fields} for _ in range(INPUTS)]


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Page]:
    """A page on which nothing may go wrong."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def results(page: Page) -> dict[str, str]:
    """Return the results that a form shows, by name."""
    shown = page.locator("form.calculator output data:visible")
    found = shown.evaluate_all("found => found.map((one) => [one.dataset.name, one.innerText])")
    return {name: text.replace("−", "-") for name, text in found}


def field(page: Page, name: str) -> Any:
    """Return a field of the form."""
    return page.get_by_role("spinbutton", name=re.compile(rf"\b{name}$"))


@pytest.mark.parametrize("name", PAGES)
def test_a_thousand_random_inputs_give_what_the_snippet_gives(name: str, reader: Page) -> None:
    reader.goto(PAGES[name])
    inputs = drawn(name)
    script = """async ([name, inputs]) => {
        const source = document.querySelector("form.calculator script").src;
        return inputs.map((await import(source))[name]);
    }"""
    assert reader.evaluate(script, [name, inputs]) == [python(name, **given) for given in inputs]


@pytest.mark.parametrize("name", PAGES)
def test_the_bounds_of_the_fields_are_those_of_the_snippet(name: str) -> None:
    found = calculator(name)
    example = {field.name: float(field.value) if not field.whole else int(field.value) for field in found.inputs}
    for one in found.inputs:
        kind = int if one.whole else float
        python(name, **(example | {one.name: kind(one.low)}))
        python(name, **(example | {one.name: kind(one.high)}))
        with pytest.raises(ValueError, match=f"^{one.name} must be"):
            python(name, **(example | {one.name: kind(one.low) - 1}))
        if one.high == "1000000" or one.name == "target":
            with pytest.raises(ValueError, match=f"^{one.name} must be"):
                python(name, **(example | {one.name: kind(one.high) + 1}))


@pytest.mark.parametrize("name", PAGES)
def test_the_form_begins_with_the_worked_example_and_follows_what_is_typed(name: str, reader: Page) -> None:
    reader.goto(PAGES[name])
    found = calculator(name)
    expected = {one.name: one.value for one in found.results}
    expect(field(reader, found.inputs[0].name)).to_be_editable()
    assert results(reader) == expected
    again = reader.get_by_role("button", name="Back to the example")
    expect(again).to_be_hidden()
    first = field(reader, found.inputs[0].name)
    first.fill("7")
    given = {one.name: float(one.value) if not one.whole else int(one.value) for one in found.inputs}
    computed = python(name, **(given | {found.inputs[0].name: 7}))
    shown = results(reader)
    assert {key: float(value) for key, value in shown.items()} == pytest.approx(computed, rel=1e-5)
    assert shown != expected
    # By keyboard: Enter sends nothing, and the button gives the example back.
    first.press("Enter")
    assert "?" not in reader.url
    again.press("Enter")
    assert results(reader) == expected
    expect(first).to_be_focused()
    expect(again).to_be_hidden()


BAD = ("", "-1", "abc", "1e", "1000001")


@pytest.mark.parametrize("name", PAGES)
def test_bad_input_is_told_beside_its_field_and_gives_no_result(name: str, reader: Page) -> None:
    reader.goto(PAGES[name])
    none = reader.locator("form.calculator output")
    first, *others = calculator(name).inputs
    # The first field is told each of them; of the others, each one.
    for one, typed in [*((first, typed) for typed in BAD), *zip(others, itertools.cycle(BAD), strict=False)]:
        box = field(reader, one.name)
        value = box.input_value()
        told = reader.locator(".calculator-input").filter(has=box).locator(".calculator-fault")
        expect(told).to_be_hidden()
        box.clear()
        box.press_sequentially(typed)
        expect(told, f"typed {typed!r} as {one.name}").to_have_text(one.fault)
        expect(told).to_be_visible()
        expect(box).to_have_attribute("aria-invalid", "true")
        expect(box).to_have_accessible_description(re.compile(re.escape(one.fault)))
        expect(none).to_have_text(re.compile("No result: mend the number"))
        assert results(reader) == {}
        box.fill(value)
        expect(told).to_be_hidden()
        assert results(reader) != {}


def test_a_part_of_a_number_is_refused_where_a_whole_one_is_asked_for(reader: Page) -> None:
    reader.goto(PAGES["littles_law"])
    field(reader, "rate").fill("0.5")
    assert results(reader) == {"in_use": "0.01", "enough": "1", "longest_ms": "12000"}
    field(reader, "target").fill("79.5")
    assert results(reader) == {}


@pytest.mark.parametrize("name", PAGES)
def test_without_javascript_it_shows_the_worked_example(name: str, browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.goto(PAGES[name])
    found = calculator(name)
    example = {one.name: int(one.value) for one in found.inputs}
    kept = {one.name: float(one.value) for one in found.results}
    assert {one: int(field(page, one).input_value()) for one in example} == example
    assert {key: float(value) for key, value in results(page).items()} == kept == python(name, **example)
    for one in example:
        expect(field(page, one)).not_to_be_editable()
    expect(page.get_by_role("button", name="Back to the example")).to_be_hidden()
    expect(page.locator(".calculator-formula")).to_be_visible()
    assert "put your own numbers in" not in page.locator("form.calculator").inner_text()
    context.close()


def test_the_script_is_fetched_by_pages_with_a_calculator_only(reader: Page, guide: Outcome) -> None:
    fetched: list[str] = []
    reader.on("request", lambda request: fetched.append(request.url))
    for path in ("", "database-connection-pooling/", "snippets/sizing/deadlock_bound/"):
        reader.goto(path or "/")
        reader.wait_for_load_state("networkidle")
    assert not any("calculators.js" in url for url in fetched)
    reader.goto(PAGES["deadlock_bound"])
    reader.wait_for_load_state("networkidle")
    assert sum("calculators.js" in url for url in fetched) == 1
    with_form = {
        file.relative_to(guide.folder).parent.as_posix() + "/"
        for file in guide.folder.rglob("*.html")
        if re.search(r"<script[^>]*calculators\.js", file.read_text(encoding="utf-8"))
    }
    assert with_form == set(PAGES.values())


def test_it_works_under_a_strict_policy(reader: Page, address: str) -> None:
    def strict(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": "script-src 'self'"})

    page = reader.context.new_page()
    page.route("**/pool-size/", strict)
    page.goto(PAGES["deadlock_bound"])
    field(page, "threads").fill("5")
    assert results(page) == {"deadlock_bound": "6"}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_can_be_told_apart(
    name: str,
    scheme: Any,
    browser: Browser,
    address: str,
) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.goto(PAGES[name])
    form = page.locator("form.calculator")
    field(page, calculator(name).inputs[0].name).fill("")
    edges = "form => [form, ...form.querySelectorAll('*')].map((one) => one.getBoundingClientRect().right)"
    assert max(form.evaluate(edges)) <= 390
    # The edge of a field stands out from the page, as WCAG 1.4.11 has it.
    edge, behind = page.evaluate(
        """() => {
            const fields = document.querySelectorAll("form.calculator input");
            const probe = getComputedStyle(fields[1]);
            return [probe.borderTopColor, getComputedStyle(document.body).backgroundColor];
        }"""
    )
    assert contrast(edge, behind) >= 3
    context.close()


def test_on_paper_there_is_the_form_without_its_button(reader: Page) -> None:
    reader.goto(PAGES["deadlock_bound"])
    field(reader, "threads").fill("5")
    reader.emulate_media(media="print")
    expect(reader.get_by_role("button", name="Back to the example")).to_be_hidden()
    assert results(reader) == {"deadlock_bound": "6"}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors, `rgb(1, 2, 3)`, as WCAG defines it."""

    def luminance(color: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# What the note on the budget quotes, and what a reader pastes from it

BUDGET = (ROOT / "docs/connection-budget.md").read_text(encoding="utf-8")


def test_the_errors_that_the_note_explains_are_those_that_servers_say() -> None:
    front = BUDGET.split("---\n")[1]
    listed = re.findall(r'^  - "(.*)"$', front, re.MULTILINE)
    assert {text.replace('\\"', '"') for text in listed} == TEXTS
    for text in TEXTS:
        assert text.removeprefix("FATAL:  ") in BUDGET.split("---\n", 2)[2]


def test_the_statements_that_the_note_gives_run(postgres: str) -> None:
    who, limit = re.findall(r"```sql\n(.*?)```", BUDGET, re.DOTALL)
    with psycopg.connect(postgres.replace("+psycopg", ""), application_name="me") as connection:
        assert any(row[1] == "me" and row[-1] == 1 for row in connection.execute(who).fetchall())
        connection.execute(limit)
        query = "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'app'"
        assert connection.execute(query).fetchone() == (40,)
        connection.rollback()
