"""Telemetry and figures as a person uses them: real Chromium, real server, a small Loki on this machine."""

import re

import pytest
import requests
from playwright.sync_api import expect

from harness.app import App
from harness.loki import Loki
from harness.provider import ScriptedProvider, streams
from test_bridge_web import add_provider, ask, make_token

WIDTHS = (390, 820, 1440)
SECRET = "glsa-a-very-secret-word"
# The first points of the charts come ten seconds after the start.
POINTS = 20_000


@pytest.fixture
def loki():
    with Loki() as loki:
        yield loki


def row(app: App, name: str):
    return app.page.get_by_role("listitem", name=name, exact=True)


def open_telemetry(app: App) -> None:
    app.go("Settings")
    app.tab("Telemetry")
    expect(row(app, "Loki")).to_be_visible()


def set_up_loki(app: App, loki: Loki) -> None:
    app.button("Set up Loki").click()
    expect(app.button("Turn on")).to_be_disabled()
    app.field("Address").fill(loki.url)
    app.field("Bearer token").fill(SECRET)
    app.button("Turn on").click()
    expect(row(app, "Loki")).to_contain_text("On")


def test_a_destination_is_set_up_tried_and_turned_off(app, profile, loki):
    open_telemetry(app)
    leaving = app.page.get_by_role("region", name="What leaves this machine")
    expect(leaving).to_contain_text("No telemetry.")
    expect(leaving.get_by_role("region", name="What never leaves")).to_contain_text("What you write, what models answer")
    set_up_loki(app, loki)
    expect(leaving).to_contain_text(f"Loki at {loki.url} gets the log.")
    row(app, "Loki").get_by_role("button", name="Send a test").click()
    expect(row(app, "Loki")).to_contain_text("Loki took the test event.")
    assert any("A test of telemetry." in line for line in loki.lines)
    assert set(loki.authorizations) == {f"Bearer {SECRET}"}
    ledger = app.page.get_by_label("Ledger of Loki")
    expect(ledger).to_contain_text("produced", timeout=POINTS)
    expect(row(app, "Loki")).to_contain_text(re.compile("Last accepted: (Just now|[0-9]{2}:[0-9]{2})"))
    assert SECRET not in app.page.content()

    app.button("Edit Loki").click()
    expect(app.field("Bearer token")).to_have_value("")
    expect(app.field("Bearer token")).to_have_attribute("placeholder", "Stored; leave empty to keep it")
    expect(app.page.get_by_role("dialog").get_by_role("button", name="Save")).to_be_disabled()
    app.button("Turn off").click()
    expect(app.page.get_by_role("group", name="Are you sure")).to_contain_text("its keys are destroyed")
    app.button("Turn Loki off").click()
    expect(row(app, "Loki")).to_contain_text("Off")
    expect(leaving).to_contain_text("No telemetry.")
    profile.assert_clean()


def test_what_fails_is_said_with_what_to_do(app, profile, loki):
    loki.status = 401
    open_telemetry(app)
    set_up_loki(app, loki)
    row(app, "Loki").get_by_role("button", name="Send a test").click()
    problem = row(app, "Loki").get_by_role("alert")
    expect(problem).to_contain_text("Loki could not take the test event now. The destination does not accept the credentials.")
    expect(problem).to_contain_text("Set them anew")
    expect(row(app, "Loki")).to_contain_text("Failing", timeout=POINTS)
    expect(row(app, "Loki")).to_contain_text("http_401")

    app.button("Set up Sentry").click()
    app.field("DSN").fill("https://no-key.example.com/1")
    app.button("Turn on").click()
    expect(app.field("DSN")).to_have_accessible_description("Write it like https://key@sentry.example.com/1")
    expect(app.field("DSN")).to_have_attribute("aria-invalid", "true")
    expect(app.field("DSN")).to_be_focused()
    app.field("DSN").fill("https://key@sentry.example.com/1")
    expect(app.field("DSN")).to_have_attribute("aria-invalid", "false")
    app.button("Cancel").click()

    # What looks well at first sight is looked at by the server.
    app.button("Edit Loki").click()
    app.field("Address").fill("http://127.1")
    app.page.get_by_role("dialog").get_by_role("button", name="Save").click()
    profile.expect_error("422")
    expect(app.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("url of Loki must be an http or https address")
    app.field("Address").fill("http://127.0.0.1:9")
    app.page.get_by_label("Forget the stored bearer token").check()
    app.page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(row(app, "Loki")).to_contain_text("http://127.0.0.1:9")
    row(app, "Loki").get_by_role("button", name="Send a test").click()
    expect(problem).to_contain_text("Nobody answers at the destination's address.")
    profile.assert_clean()


def test_the_name_of_the_installation_is_checked_and_kept(app, profile):
    open_telemetry(app)
    card = app.page.get_by_role("region", name="Name of this installation")
    name = card.get_by_label("Name", exact=True)
    expect(name).to_have_value("production")
    name.fill("At Home")
    expect(card).to_contain_text("Small letters, digits and hyphens.")
    name.fill("at-home")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_role("button", name="Save")).to_be_disabled()
    app.page.reload()
    app.unlock()
    expect(name).to_have_value("at-home")
    profile.assert_clean()


def test_figures_show_what_was_asked(app, profile):
    with ScriptedProvider(streams(["Four ", "words ", "and ", "no more."])) as provider:
        add_provider(app, provider)
        token = make_token(app, "Editor")
        app.go("Status")
        app.tab("Figures")
        expect(app.page.get_by_label("Since the start", exact=True)).to_contain_text("Exchanges with models")
        for _ in range(3):
            assert ask(app, token, "scripted").status_code == 200
        requests.get(f"{app.origin}/nowhere-at-all", timeout=10)
        tokens = app.page.get_by_role("img", name=re.compile("^Chart of time to the first token"))
        expect(tokens).to_have_accessible_name(re.compile("half within [0-9.]+ (ms|s)"), timeout=2 * POINTS)
        expect(app.page.get_by_label("Since the start", exact=True)).to_contain_text(re.compile("Exchanges with models3"))
        models = app.page.get_by_role("region", name="Models since the start, in figures")
        expect(models.get_by_role("row", name=re.compile(r"scripted \(scripted\) 3 0 "))).to_be_visible()
        chart = app.page.get_by_role("img", name=re.compile("^Chart of requests a second"))
        chart.focus()
        app.page.keyboard.press("End")
        figure = app.page.get_by_role("figure", name="Requests a second")
        expect(figure).to_contain_text(re.compile(r"\d\d:\d\d: 2xx answered [0-9.]+"))
        figure.get_by_text("As a table").click()
        expect(figure.get_by_role("row").nth(1)).to_be_visible()
        expect(app.page.get_by_role("figure", name="Memory")).to_contain_text("MB")
        expect(app.page.get_by_role("region", name="Models today")).to_contain_text("scripted (Scripted)", timeout=2 * POINTS)
    profile.assert_clean()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_spills_over_at_any_width(app, profile, loki, scheme):
    app.page.emulate_media(color_scheme=scheme)
    open_telemetry(app)
    set_up_loki(app, loki)
    row(app, "Loki").get_by_role("button", name="Send a test").click()
    expect(row(app, "Loki")).to_contain_text("Loki took the test event.")
    for name in ("telemetry", "form", "figures"):
        if name == "form":
            app.button("Edit Loki").click()
        elif name == "figures":
            app.button("Cancel").click()
            app.page.set_viewport_size({"width": 1440, "height": 900})
            app.go("Status")
            app.tab("Figures")
            expect(app.page.get_by_role("img", name=re.compile("^Chart of memory"))).to_be_visible(timeout=POINTS)
        for width in WIDTHS:
            app.page.set_viewport_size({"width": width, "height": 900})
            assert app.page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
    profile.assert_clean()
