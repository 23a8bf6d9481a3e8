"""A person's day with the app: real Chromium, real server, real model, by clicking and typing."""

import json
import re

import pytest
from playwright.sync_api import expect, sync_playwright

from harness.app import PASSPHRASE, App
from harness.browser import Profile
from harness.client import Client
from harness.provider import ScriptedProvider, answers

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


def test_edit_regenerate_and_branches(app, profile):
    app.say("Name one colour.")
    app.wait_for_reply()
    first = app.replies.last.locator(".markdown").inner_text()
    app.button("Regenerate").last.click()
    expect(app.replies.last.get_by_text("2 / 2")).to_be_visible()
    app.wait_for_reply()
    app.button("Earlier version").last.click()
    expect(app.replies.last.get_by_text("1 / 2")).to_be_visible()
    expect(app.replies.last.locator(".markdown")).to_have_text(first, use_inner_text=True)
    app.messages.first.hover()
    app.button("Edit message").first.click()
    app.field("Edited message").fill("Name one animal.")
    app.button("Send edited").click()
    expect(app.messages.first).to_contain_text("Name one animal.")
    app.wait_for_reply()
    app.messages.first.hover()
    app.button("Earlier version").first.click()
    expect(app.messages.first).to_contain_text("Name one colour.")
    profile.assert_clean()


def test_what_is_written_offline_is_sent_later(app, profile, server):
    app.say("Remember the harbour.")
    app.wait_for_reply()
    server.kill()
    profile.expect_error("ERR_CONNECTION_REFUSED")
    profile.expect_error("ERR_INCOMPLETE_CHUNKED_ENCODING")
    profile.expect_error("ERR_EMPTY_RESPONSE")
    profile.expect_error("423")
    app.page.reload()
    expect(app.page.get_by_role("heading", name="Locked")).to_be_visible()
    app.unlock()
    app.wait_until_unlocked()
    expect(app.messages.first).to_contain_text("Remember the harbour.")
    app.say("This was written offline.")
    expect(app.page.get_by_text("Waiting to send")).to_be_visible()
    server.start()
    app.page.evaluate("dispatchEvent(new Event('online'))")
    expect(app.page.get_by_text("Waiting to send")).to_have_count(0, timeout=60_000)
    app.wait_for_reply()
    expect(app.messages).to_have_count(4)
    client = Client(server.origin)
    client.unlock(PASSPHRASE)
    assert client.call("POST", "/api/v1/search", {"query": "written offline"})["items"]
    assert profile.foreign_requests == []
