"""A person's day with the app: real Chromium, real server, real model, by clicking and typing."""

import re

import pytest
from playwright.sync_api import expect, sync_playwright

from harness.app import App
from harness.browser import Profile

SLOW_WORDS = "Count slowly from one to one hundred, one number in a line."


@pytest.fixture
def make_profile(tmp_path):
    with sync_playwright() as playwright:
        profiles = []

        def make(origin: str, name: str = "profile") -> Profile:
            profile = Profile(playwright, tmp_path / name, origin)
            profiles.append(profile)
            return profile

        yield make
        for profile in profiles:
            profile.close()


@pytest.fixture
def profile(make_profile, server) -> Profile:
    return make_profile(server.origin)


@pytest.fixture
def app(profile, local_model) -> App:
    app = App(profile.open(), profile.origin)
    app.set_up()
    return app


def test_first_run_chat_reload_lock_and_unlock(app, profile):
    app.say("Say hello to me.")
    app.wait_for_reply()
    answer = app.replies.last.locator(".markdown").inner_text()
    assert answer.strip(), "the model said nothing"
    expect(app.replies.last.get_by_text(re.compile(r"\d+ tokens"))).to_be_visible()
    expect(app.page.get_by_text("The small local model answered.")).to_be_visible()
    app.page.reload()
    expect(app.page.get_by_role("heading", name="Locked")).to_be_visible()
    app.unlock("not the passphrase at all")
    expect(app.page.get_by_role("alert")).to_be_visible()
    profile.expect_error("401")
    app.unlock()
    app.wait_until_unlocked()
    expect(app.replies.last.locator(".markdown")).to_have_text(answer, use_inner_text=True)
    app.lock()
    expect(app.page.get_by_text("hello")).to_have_count(0)
    assert "cherry" in app.page.title()
    app.unlock()
    app.wait_until_unlocked()
    expect(app.messages).to_have_count(2)
    profile.assert_clean()


def test_stop_keeps_what_arrived_and_a_second_tab_follows(app, profile):
    app.say(SLOW_WORDS)
    app.wait_for_text()
    second = App(profile.context.new_page(), profile.origin)
    second.page.goto(app.page.url)
    second.unlock()
    second.wait_until_unlocked()
    second.wait_for_text()
    app.page.bring_to_front()
    if app.button("Stop").is_visible():
        app.button("Stop").click()
    app.wait_for_reply()
    expect(second.button("Send")).to_be_visible()
    expect(second.replies.last.locator(".markdown")).to_have_text(app.replies.last.locator(".markdown").inner_text(), use_inner_text=True)
    profile.assert_clean()
