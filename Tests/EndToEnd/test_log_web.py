"""The log as a person reads it: real Chromium, real server."""

import re

import pytest
import requests
from playwright.sync_api import expect

from harness.app import App
from harness.prometheus import wait_for

WIDTHS = (1440, 820, 390)


@pytest.fixture
def app(app) -> App:
    """The app with its log open."""
    app.go("Status")
    app.tab("Log")
    expect(rows(app).first).to_be_visible()
    return app


def rows(app: App, text: str = ""):
    """Lines of the log with a text, newest first."""
    return app.page.get_by_role("table", name="Log lines, newest first").locator(".log-row:not(.log-columns)", has_text=text)


def ask(app: App, route: str) -> None:
    """A request that leaves a line in the log."""
    requests.get(app.origin + route, timeout=20)


def test_lines_are_shown_as_they_are_written_until_it_is_paused(app, profile):
    before = rows(app, "/livez").count()
    ask(app, "/livez")
    expect(rows(app, "/livez")).to_have_count(before + 1)
    app.button("Pause").click()
    expect(app.page.get_by_role("status").filter(has_text="Paused")).to_be_visible()
    ask(app, "/livez")
    expect(app.page.get_by_text(re.compile(r"^[0-9]+ new lines?$"))).to_be_visible()
    assert rows(app, "/livez").count() == before + 1
    app.button("Go on").click()
    expect(rows(app, "/livez")).to_have_count(before + 2)
    profile.assert_clean()


def test_lines_are_found_by_level_part_and_text(app, profile):
    ask(app, "/livez")
    search = app.field("Search the log")
    search.fill("LIVEZ")
    expect(rows(app, "/livez").first).to_be_visible()
    assert rows(app).count() == rows(app, "/livez").count()
    search.fill("there is no such line")
    expect(app.page.get_by_text(re.compile("^None of the last [0-9,]+ lines fits"))).to_be_visible()
    app.button("Show all").click()
    expect(search).to_have_value("")
    app.field("Which part of the program").select_option("CherryAPI")
    expect(rows(app).first).to_be_visible()
    assert rows(app).count() == rows(app, "API").count()
    app.page.get_by_text("Errors", exact=True).click()
    expect(rows(app)).to_have_count(0)
    profile.assert_clean()


def test_keys_pause_it_and_search_it(app, profile):
    app.page.get_by_role("heading", name="Log").click()
    app.page.keyboard.press("p")
    expect(app.button("Go on")).to_be_visible()
    app.page.keyboard.press("p")
    app.page.keyboard.press("f")
    search = app.field("Search the log")
    expect(search).to_be_focused()
    app.page.keyboard.type("pf")
    expect(search).to_have_value("pf")
    expect(app.button("Pause")).to_be_visible()
    app.page.keyboard.press("Escape")
    expect(search).to_have_value("")
    expect(search).not_to_be_focused()
    profile.assert_clean()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_break_at_any_width(app, profile, scheme):
    app.page.emulate_media(color_scheme=scheme)
    # What fits into nothing is cut off by the frame around the lines.
    cut = "() => [...document.querySelectorAll('.log-row:not(.log-columns)')].filter((row) => row.scrollWidth > row.clientWidth).length"
    for width in WIDTHS:
        app.page.set_viewport_size({"width": width, "height": 900})
        wait_for(f"lines that break at {width}", lambda: app.page.evaluate(cut) == 0)
        assert app.page.evaluate("document.documentElement.scrollWidth") <= width
    profile.assert_clean()
