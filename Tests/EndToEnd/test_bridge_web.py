"""The pages of the bridge as a person uses them: real Chromium, real server, scripted providers, by clicking and typing."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from playwright.sync_api import expect

from harness.app import App
from harness.provider import ScriptedProvider, answers, says, streams
from harness.scripted import ScriptedService

WIDTHS = (390, 820, 1440)
PAGES = ("Settings", "Models", "Tools", "Usage", "Live requests")


@pytest.fixture
def provider():
    with ScriptedProvider(streams(["Four ", "words ", "and ", "no more."])) as provider:
        yield provider


def open_page(app: App, name: str) -> None:
    """Goes to a page of the bridge."""
    if name in ("Usage", "Live requests"):
        app.go("Usage")
        if name == "Live requests":
            app.tab("Live requests")
    else:
        app.go("Settings")
        if name != "Settings":
            app.tab(name)


def add_provider(app: App, provider: ScriptedProvider, name: str = "Scripted", model: str = "scripted") -> None:
    open_page(app, "Settings")
    app.button("Add a provider").click()
    app.field("Name").fill(name)
    app.field("Address").fill(provider.base_url)
    expect(app.page.get_by_label("It may be at a private address")).to_be_checked()
    app.field("Key").fill("sk-test")
    app.field("Default model").fill(model)
    app.button("Save").click()
    expect(app.button(f"Edit {name}")).to_be_visible()


def add_alias(app: App, name: str, *targets: str) -> None:
    open_page(app, "Models")
    app.button("New alias").click()
    app.field("Name").fill(name)
    for target in targets:
        app.field("Add a target").select_option(label=target)
    app.button("Save").click()
    expect(app.button(f"Edit {name}")).to_be_visible()


def make_token(app: App, name: str) -> str:
    open_page(app, "Tools")
    app.button("New token").click()
    app.field("Name").fill(name)
    app.button("Make the token").click()
    token = app.page.get_by_label("Token", exact=True).inner_text()
    assert re.fullmatch(r"ck-[A-Za-z0-9_-]{43}", token)
    app.button("I have it").click()
    return token


def ask(app: App, token: str, model: str) -> requests.Response:
    """Asks a model as another tool would, and reads its answer to the end."""
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": "Say four words."}]}
    headers = {"Authorization": f"Bearer {token}"}
    return requests.post(f"{app.origin}/v1/chat/completions", json=body, headers=headers, timeout=30)


def said_in(answer: requests.Response) -> str:
    """The text of a streamed answer."""
    lines = (line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: {"))
    choices = (choice for line in lines for choice in json.loads(line)["choices"])
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def test_a_preset_fills_in_what_is_known_and_says_which_key_is_wanted(app, profile):
    app.go("Settings")
    app.button("Add a provider").click()
    app.field("Start from").select_option(label="AWS Bedrock")
    expect(app.field("Address")).to_have_value(re.compile(r"^https://bedrock-runtime\."))
    expect(app.field("Speaks")).to_have_value("bedrock")
    expect(app.page.get_by_text("ACCESS_KEY_ID:SECRET_ACCESS_KEY")).to_be_visible()
    expect(app.page.get_by_label("It may be at a private address")).to_have_count(0)
    app.field("Start from").select_option(label="Ollama")
    expect(app.field("Speaks")).to_have_value("ollama")
    expect(app.page.get_by_label("It may be at a private address")).to_be_checked()
    app.field("Start from").select_option(label="Anthropic")
    app.field("Key").fill("gsk_of_somebody_else")
    expect(app.page.get_by_text("A key of Anthropic looks like this")).to_be_visible()
    app.field("Key").fill("sk-ant-test")
    app.button("Save").click()
    expect(app.page.get_by_text("https://api.anthropic.com/v1")).to_be_visible()
    profile.assert_clean()


def test_models_are_listed_with_their_price(app, profile, provider):
    add_provider(app, provider)
    app.button("Test connection").click()
    expect(app.page.get_by_text(re.compile("It answered in .* and offers 1 model"))).to_be_visible()
    open_page(app, "Models")
    app.button("Add a price").click()
    app.field("Model").fill("scripted")
    app.field("Tokens read").fill("2")
    app.field("Tokens written").fill("not a price")
    expect(app.button("Save")).to_be_disabled()
    app.field("Tokens written").fill("8")
    app.button("Save").click()
    expect(app.page.get_by_role("row", name=re.compile(r"scripted \$2\.00 \$8\.00"))).to_be_visible()
    open_page(app, "Settings")
    app.page.get_by_text("1 model", exact=True).click()
    expect(app.page.get_by_role("row", name=re.compile(r"scripted your price .* \$2\.00 \$8\.00"))).to_be_visible()
    open_page(app, "Models")
    app.page.get_by_text(re.compile("^Built-in prices")).click()
    app.field("Find a built-in price").fill("opus")
    expect(app.page.get_by_role("row", name=re.compile("opus.*202[0-9]")).first).to_be_visible()
    app.button("Edit the price of scripted").click()
    app.button("Remove").click()
    app.button("Remove the price of scripted").click()
    expect(app.page.get_by_role("region", name="Your prices")).to_have_count(0)
    profile.assert_clean()


def test_what_models_can_do_is_told_and_one_that_lists_none_is_tested_all_the_same(app, profile):
    with ScriptedService() as service:
        open_page(app, "Settings")
        for name, speaks, path, key, model in (
            ("AWS", "bedrock", "", "AKIASCRIPTED:scripted-secret", "anthropic.claude-sonnet-4-6"), ("Mistral", "mistral", "/mistral/v1", "sk", ""),
        ):
            app.button("Add a provider").click()
            app.field("Name").fill(name)
            app.field("Speaks").select_option(speaks)
            app.field("Address").fill(f"{service.origin}{path}" + ("?region=us-east-1" if speaks == "bedrock" else ""))
            app.field("Key").fill(key)
            app.field("Default model").fill(model)
            app.button("Save").click()
            expect(app.button(f"Edit {name}")).to_be_visible()
        app.button("Test connection").first.click()
        expect(app.page.get_by_text(re.compile("It answered in .* and offers 1 model"))).to_be_visible()
        app.page.get_by_text("1 model", exact=True).click()
        expect(app.page.get_by_role("row", name=re.compile("claude-sonnet-4-6.*tools, images, files, reasoning"))).to_be_visible()
        app.page.get_by_text("2 models", exact=True).click()  # Mistral's own list says what each can do
        expect(app.page.get_by_role("row", name=re.compile("scripted-mini .*tools, images"))).to_be_visible()
    profile.assert_clean()


def test_whoever_removes_a_provider_is_told_what_goes_with_it(app, profile, provider):
    with ScriptedProvider(answers("Second.")) as other:
        add_provider(app, provider, "First")
        add_provider(app, other, "Second")
        add_alias(app, "alone", "scripted (First)")
        add_alias(app, "both", "scripted (First)", "scripted (Second)")
        open_page(app, "Settings")
        app.button("Edit First").click()
        app.button("Remove First").click()
        question = app.page.get_by_role("group", name="Are you sure")
        expect(question).to_contain_text("its key are destroyed")
        expect(question).to_contain_text("The alias “alone” then leads nowhere")
        expect(question).to_contain_text("The alias “both” goes on with its other targets")
        expect(question.get_by_role("button", name="Keep it")).to_be_focused()
        question.get_by_role("button", name="Remove First").click()
        expect(app.button("Edit First")).to_have_count(0)
        expect(app.button("Edit Second")).to_be_visible()
    profile.assert_clean()


def test_what_a_form_does_stays_in_sight(app, profile):
    app.page.set_viewport_size({"width": 390, "height": 700})
    app.page.goto(app.origin + "/settings/tools")
    app.unlock()
    app.button("Add a tool server").click()
    expect(app.button("Save")).to_be_in_viewport()
    app.field("Key").focus()
    expect(app.field("Key")).to_be_in_viewport()
    expect(app.page.get_by_role("heading", name="Add a tool server")).to_be_in_viewport()
    profile.assert_clean()


def test_an_alias_is_put_in_order_with_keys_and_pointer(app, profile, provider):
    with ScriptedProvider(answers("Second.")) as other:
        add_provider(app, provider, "First")
        add_provider(app, other, "Second")
        add_alias(app, "fast", "scripted (First)", "scripted (Second)")
        app.button("Edit fast").click()
        rows = app.page.get_by_role("list", name="Targets").get_by_role("listitem")
        expect(rows).to_have_count(2)
        grip = app.button("Move scripted (First): arrow keys, or drag")
        grip.focus()
        app.page.keyboard.press("ArrowDown")
        expect(rows.first).to_contain_text("Second")
        expect(grip).to_be_focused()
        start, end = grip.bounding_box(), rows.first.bounding_box()
        app.page.mouse.move(start["x"] + 5, start["y"] + 5)
        app.page.mouse.down()
        app.page.mouse.move(start["x"] + 5, end["y"] + 2, steps=6)
        app.page.mouse.up()
        expect(rows.first).to_contain_text("First")
        app.page.get_by_text("By weight", exact=True).click()
        app.field("Weight of scripted (First)").fill("3")
        expect(rows.first).to_contain_text("75 %")
        app.page.get_by_text("Retries, hedging and time limits").click()
        app.field("To the first token").fill("2.5")
        app.button("Save").click()
        expect(app.page.get_by_text("scripted (First) 75 %")).to_be_visible()
        app.button("Edit fast").click()
        app.page.get_by_text("Retries, hedging and time limits").click()
        expect(app.field("To the first token")).to_have_value("2.5")
        app.button("Delete fast").click()
        app.page.get_by_role("group", name="Are you sure").get_by_role("button", name="Delete fast").click()
        expect(app.button("Edit fast")).to_have_count(0)
    profile.assert_clean()


def test_a_token_is_shown_once_works_and_is_refused_after_it_is_revoked(app, profile, provider):
    add_provider(app, provider)
    token = make_token(app, "Editor")
    expect(app.page.get_by_text(token)).to_have_count(0)
    answer = ask(app, token, "scripted")
    assert answer.status_code == 200, answer.text
    assert said_in(answer) == "Four words and no more."
    app.page.reload()
    app.unlock()
    app.wait_until_unlocked()
    expect(app.page.get_by_text(token[:6])).to_be_visible()
    expect(app.page.get_by_text("Used in the last minutes")).to_be_visible()
    assert token not in app.page.content()
    app.button("Revoke Editor").click()
    expect(app.page.get_by_text("“Editor” is refused at once")).to_be_visible()
    app.button("Keep it").click()
    app.button("Revoke Editor").click()
    app.button("Revoke Editor").click()
    expect(app.page.get_by_text("No tool has access yet.")).to_be_visible()
    assert ask(app, token, "scripted").status_code == 401
    app.page.get_by_text("1 revoked token", exact=True).click()
    app.button("Remove Editor").click()
    app.button("Remove Editor").click()
    expect(app.page.get_by_text("1 revoked token", exact=True)).to_have_count(0)
    profile.assert_clean()


def test_a_token_is_held_to_its_models(app, profile, provider):
    add_provider(app, provider)
    add_alias(app, "fast", "scripted (Scripted)")
    open_page(app, "Tools")
    app.button("New token").click()
    app.field("Name").fill("Script")
    app.page.get_by_label("It may ask for every model").uncheck()
    expect(app.button("Make the token")).to_be_disabled()
    app.field("Models").fill("fast")
    app.field("Models").press("Enter")
    app.field("Dollars a day").fill("2.50")
    app.button("Make the token").click()
    token = app.page.get_by_label("Token", exact=True).inner_text()
    app.page.get_by_text("curl", exact=True).click()
    expect(app.page.get_by_role("figure")).to_contain_text(token)
    app.button("I have it").click()
    expect(app.page.get_by_text("fast · no context · $2.50 a day")).to_be_visible()
    assert ask(app, token, "fast").status_code == 200
    assert ask(app, token, "scripted").status_code in (403, 404)
    profile.assert_clean()


def test_requests_are_followed_live_and_counted(app, profile, provider):
    add_provider(app, provider)
    open_page(app, "Models")
    app.button("Add a price").click()
    app.field("Model").fill("scripted")
    app.field("Tokens read").fill("1000000")
    app.field("Tokens written").fill("1000000")
    app.button("Save").click()
    token = make_token(app, "Editor")
    open_page(app, "Live requests")
    expect(app.page.get_by_text("Nothing yet.")).to_be_visible()
    assert ask(app, token, "scripted").status_code == 200
    row = app.page.get_by_role("row", name=re.compile("scripted.*Editor"))
    expect(row).to_contain_text("Complete")
    expect(row).to_contain_text("$5.00")
    assert "four words" not in app.page.locator("main").inner_text().lower()
    app.button("Pause").click()
    assert ask(app, token, "scripted").status_code == 200
    expect(app.page.get_by_text("Paused, 1 new request")).to_be_visible()
    expect(row).to_have_count(1)
    app.button("Go on").click()
    expect(row).to_have_count(2)
    provider.script = says(500)
    assert ask(app, token, "scripted").status_code >= 500
    failed = app.page.get_by_role("row").filter(has_text="Failed: provider error")
    expect(failed).to_be_visible()
    app.page.get_by_role("group", name="Which requests").get_by_text("Failed", exact=True).click()
    expect(failed).to_be_visible()
    expect(row.filter(has_text="Complete")).to_have_count(0)
    app.tab("Usage")
    totals = app.page.get_by_label("Totals")
    expect(totals).to_contain_text("$10.00")
    tools = app.page.get_by_role("region", name="By tool", exact=True)
    expect(tools.get_by_role("list")).to_contain_text("Editor")
    app.page.get_by_text("Tokens", exact=True).click()
    chart = app.page.get_by_role("img", name=re.compile("^Bar chart of tokens by day"))
    chart.focus()
    app.page.keyboard.press("End")
    expect(app.page.get_by_text(re.compile("10 tokens, 3 requests"))).to_be_visible()
    app.field("Period").select_option(label="Last month")
    expect(app.page.get_by_role("heading", name="Nothing was used")).to_be_visible()
    profile.assert_clean()


def test_details_tell_what_each_reply_took(app, profile, provider):
    add_provider(app, provider)
    app.button("New conversation").click()
    app.field("Model").select_option(label="scripted")
    app.say("Say four words.")
    app.wait_for_reply()
    app.page.locator("h1").click()
    app.page.keyboard.press("i")
    details = app.page.get_by_role("complementary", name="Details")
    expect(details).to_contain_text("scripted, Scripted")
    expect(details).to_contain_text("4 tokens")
    expect(details).to_contain_text("Cost$0")  # A model of this machine costs nothing.
    expect(details).to_contain_text("First token after")
    app.page.set_viewport_size({"width": 390, "height": 844})
    app.page.keyboard.press("Escape")
    expect(details).to_have_count(0)
    expect(app.button("Details")).to_be_focused()
    profile.assert_clean()


def test_pages_are_found_by_palette_and_help(app, profile):
    for words, heading in (("usage", "By day"), ("live", None), ("aliases", "Aliases"), ("tool servers", "Tool servers")):
        app.page.keyboard.press("Control+k")
        app.page.keyboard.type(words)
        app.page.keyboard.press("Enter")
        if words == "usage":
            heading = "Nothing was used"
        if heading:
            expect(app.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        else:
            expect(app.page.get_by_text("Nothing yet.")).to_be_visible()
    app.page.locator("h1").click()
    app.page.keyboard.press("?")
    app.page.get_by_role("dialog").get_by_role("link", name="Usage").click()
    expect(app.page.get_by_role("heading", name="Usage", exact=True)).to_be_visible()
    profile.assert_clean()


def test_without_the_server_each_page_says_so_and_comes_back(app, profile, server):
    open_page(app, "Tools")
    expect(app.page.get_by_text("No tool has access yet.")).to_be_visible()
    server.kill()
    for error in ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE", "423", "401"):
        profile.expect_error(error)
    open_page(app, "Models")
    expect(app.page.get_by_text(re.compile("cannot be reached")).first).to_be_visible()
    open_page(app, "Live requests")
    expect(app.page.get_by_text(re.compile("The list goes on when it is back"))).to_be_visible()
    assert profile.foreign_requests == []


def test_the_live_list_follows_a_hundred_requests_and_remembers_the_last(app, profile, provider):
    add_provider(app, provider)
    token = make_token(app, "Editor")
    open_page(app, "Live requests")
    expect(app.page.get_by_text("Nothing yet.")).to_be_visible()
    with ThreadPoolExecutor(8) as pool:
        assert {answer.status_code for answer in pool.map(lambda _: ask(app, token, "scripted"), range(100))} == {200}
    expect(app.page.get_by_role("row").filter(has_text="Complete")).to_have_count(100)
    expect(app.page.get_by_text("Live, none under way")).to_be_visible()
    profile.assert_clean()


def test_figures_are_printed_without_what_changes_them(app, profile, provider):
    add_provider(app, provider)
    token = make_token(app, "Editor")
    open_page(app, "Live requests")
    expect(app.page.get_by_text("Nothing yet.")).to_be_visible()
    assert ask(app, token, "scripted").status_code == 200
    expect(app.page.get_by_role("row").filter(has_text="Complete")).to_be_visible()
    app.tab("Usage")
    expect(app.page.get_by_label("Totals")).to_be_visible()
    app.page.emulate_media(media="print")
    expect(app.field("Period")).to_be_hidden()
    expect(app.page.get_by_text(re.compile(r"^\d+ \w+ \d{4} to \d+ \w+ \d{4}$"))).to_be_visible()
    expect(app.page.get_by_label("By conversation", exact=True).get_by_role("table")).to_be_visible()
    profile.assert_clean()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_spills_over_at_any_width(app, profile, provider, scheme):
    app.page.emulate_media(color_scheme=scheme)
    add_provider(app, provider)
    add_alias(app, "fast", "scripted (Scripted)")
    token = make_token(app, "A tool with a rather long name that has to go somewhere")
    assert ask(app, token, "fast").status_code == 200
    for page in PAGES:
        app.page.set_viewport_size({"width": 1440, "height": 900})
        open_page(app, page)
        expect(app.page.locator(".skeleton")).to_have_count(0)
        for width in WIDTHS:
            app.page.set_viewport_size({"width": width, "height": 900})
            assert app.page.evaluate("document.documentElement.scrollWidth") <= width, f"{page} at {width}"
    profile.assert_clean()
