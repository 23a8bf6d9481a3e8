"""A person's day with the app: real Chromium, real server, real model, by clicking and typing."""

import json
import re

import pytest
from playwright.sync_api import expect

from harness.app import PASSPHRASE, App
from harness.client import Client
from harness.provider import ScriptedProvider, answers

SLOW_WORDS = "Count slowly from one to one hundred, one number in a line."


@pytest.fixture
def app(local_model, app) -> App:
    """The app, with the real local model to talk to."""
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


def test_edit_regenerate_and_branches(app, profile):
    profile.expect_error("409")  # The model may name the conversation at the same moment; the app merges and goes on.
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


def test_rename_pin_delete_undo_and_search(app, profile):
    profile.expect_error("409")  # As above.
    app.say("The word of the day is kumquat.")
    app.wait_for_reply()
    row = app.page.locator(".conversation").first
    row.hover()
    row.get_by_role("button", name=re.compile("^Rename")).click()
    app.field("Title").fill("Fruit talk")
    app.field("Title").press("Enter")
    expect(app.conversations.first).to_contain_text("Fruit talk")
    row.hover()
    app.button("Pin Fruit talk").click()
    expect(app.page.get_by_role("heading", name="Pinned")).to_be_visible()
    app.field("Search conversations").fill("kumq")
    expect(app.page.get_by_role("region", name="Search results").get_by_text("kumquat").first).to_be_visible()
    app.page.locator(".hit").first.click()
    expect(app.messages.first).to_be_in_viewport()
    app.field("Search conversations").fill("")
    row.hover()
    app.button("Delete Fruit talk").click()
    expect(app.conversations).to_have_count(0)
    app.button("Undo").click()
    expect(app.conversations.first).to_contain_text("Fruit talk")
    profile.assert_clean()


def test_personas_providers_appearance_palette_and_help(app, profile, server):
    app.go("Personas")
    app.button("New persona").click()
    app.field("Name").fill("Ada")
    app.page.get_by_role("radio", name="moss").check()
    app.field("Instructions").fill("Be exact.")
    app.button("Save").click()
    expect(app.page.get_by_role("heading", name="Ada")).to_be_visible()
    with ScriptedProvider(answers("I am exact.")) as provider:
        app.go("Settings")
        app.button("Add a provider").click()
        app.field("Name").fill("Scripted")
        app.field("Address").fill(provider.base_url)
        app.field("Key").fill("sk-test")
        app.field("Default model").fill("scripted")
        app.button("Save").click()
        app.button("Test connection").click()
        expect(app.page.get_by_text(re.compile("It answered in"))).to_be_visible()
        app.page.keyboard.press("Control+k")
        expect(app.page.get_by_role("combobox", name="Find anything")).to_be_focused()
        app.page.keyboard.type("talk to ada")
        app.page.keyboard.press("Enter")
        app.say("Who are you?")
        expect(app.replies.last).to_contain_text("I am exact.")
        app.wait_for_reply()
        assert "Be exact." in str(provider.requests[0].body)
        assert provider.requests[0].authorization == "Bearer sk-test"
    app.go("Status")
    app.page.keyboard.press("Control+k")
    app.page.keyboard.type("am exact")
    expect(app.page.get_by_role("option", name="I am exact.")).to_be_visible()
    app.page.keyboard.press("Enter")
    expect(app.replies.last).to_contain_text("I am exact.")
    app.go("Settings")
    app.tab("Appearance")
    app.page.get_by_text("Dark", exact=True).click()
    expect(app.page.locator("html")).to_have_attribute("data-scheme", "dark")
    app.page.locator("h1").click()
    app.page.keyboard.press("?")
    expect(app.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    app.page.keyboard.press("Escape")
    app.go("Status")
    expect(app.page.get_by_text("sqlite")).to_be_visible()
    profile.assert_clean()


def test_export_erase_and_import(app, profile, tmp_path):
    app.say("Keep the lighthouse.")
    app.wait_for_reply()
    app.go("Settings")
    app.tab("Data")
    app.button("Export as JSON").click()
    dialog = app.page.get_by_role("dialog", name="Export")
    dialog.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    with app.page.expect_download() as download:
        dialog.get_by_role("button", name="Export", exact=True).click()
    file = tmp_path / "export.json"
    download.value.save_as(file)
    document = json.loads(file.read_text())
    assert document["format"] == "cherry-export"
    assert any("lighthouse" in message["content"] for message in document["messages"])
    app.button("Delete everything").click()
    dialog = app.page.get_by_role("dialog", name="Delete everything")
    dialog.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    dialog.get_by_role("button", name="Delete everything", exact=True).click()
    expect(app.button("Begin")).to_be_visible()
    app.set_up()
    expect(app.conversations).to_have_count(0)
    app.go("Settings")
    app.tab("Data")
    for expected in ("Imported 1 conversation and 2 messages", "Imported 0 conversations"):
        app.field("File to import").set_input_files(file)
        expect(app.page.get_by_text(re.compile(expected))).to_be_visible()
        app.field("File to import").set_input_files([])
    app.conversations.first.click()
    expect(app.messages.first).to_contain_text("Keep the lighthouse.")
    profile.assert_clean()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_spills_over_at_any_width(app, profile, scheme):
    app.page.emulate_media(color_scheme=scheme)
    app.say("Hello.")
    app.wait_for_reply()
    for width in (390, 820, 1440):
        app.page.set_viewport_size({"width": width, "height": 900})
        assert app.page.evaluate("document.documentElement.scrollWidth") <= width
    profile.assert_clean()
