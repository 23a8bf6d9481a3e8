"""What a person feels in the browser: bytes of the first load, opening a long conversation, smoothness while an answer streams."""

import json
import pathlib
import statistics

from playwright.sync_api import Page, expect, sync_playwright

from figures import Figure, percentile
from harness.app import App
from harness.browser import Profile
from harness.client import PASSPHRASE, Client
from harness.provider import ScriptedProvider, streams
from harness.server import Server
from texts import Texts, export

MESSAGES = 10_000
ROUNDS = 15
STREAM_SECONDS = 10
WORDS_PER_SECOND = 100
START = 1_700_000_000_000

# Clicks a link and waits for the frame after the one in which the text is on the screen; returns milliseconds.
OPEN = """([title, text]) => new Promise((resolve, reject) => {
    const link = [...document.querySelectorAll("nav a")].find((each) => each.textContent.includes(title));
    if (!link) { reject(new Error("no link to " + title)); return; }
    const started = performance.now();
    const look = () => {
        const last = document.querySelector("[role=log] article:last-of-type");
        const box = last?.getBoundingClientRect();
        if (last?.textContent.includes(text) && box.top < innerHeight && box.bottom > 0) {
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
        } else if (performance.now() - started > 20000) {
            reject(new Error("the last message did not appear"));
        } else {
            requestAnimationFrame(look);
        }
    };
    link.click();
    look();
})"""

# Notes the time of every frame for so many milliseconds; returns the times between them.
FRAMES = """(duration) => new Promise((resolve) => {
    const times = [];
    const note = (time) => {
        times.push(time);
        if (time - times[0] < duration) {
            requestAnimationFrame(note);
        } else {
            resolve(times.slice(1).map((each, index) => each - times[index]));
        }
    };
    requestAnimationFrame(note);
})"""


def frame_rate(gaps: list[float]) -> float:
    return 1000 * len(gaps) / sum(gaps)


def first_load(profile: Profile, page: Page) -> Figure:
    """The JavaScript that crosses the wire until the app can be used for the first time."""
    sizes: dict[str, int] = {}

    def note(request) -> None:
        if request.url.endswith(".js") and request.service_worker is None:
            sizes.setdefault(request.url, request.sizes()["responseBodySize"])

    profile.context.on("requestfinished", note)
    page.goto(profile.origin)
    expect(page.get_by_role("button", name="Unlock", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    profile.context.remove_listener("requestfinished", note)
    assert sizes, "no script was fetched"
    raw = sum(len(page.request.get(url, headers={"Accept-Encoding": "identity"}).body()) for url in sizes)
    return Figure("JavaScript of the first load", sum(sizes.values()) / 1024, "KB", 150, peer="the same, not compressed",
                  peer_value=raw / 1024, note=f"{len(sizes)} files, as Chromium received them")


def opening(page: Page, long: tuple, short: tuple) -> list[Figure]:
    """From the click on a conversation to its last message on the screen."""
    def last_words(conversation: tuple) -> str:
        return conversation[1][-1]["content"][-24:]

    times = {long[0]["title"]: [], short[0]["title"]: []}
    for _ in range(ROUNDS + 1):
        for conversation in (long, short):
            title = conversation[0]["title"]
            times[title].append(page.evaluate(OPEN, [title, last_words(conversation)]))
    measured, peer = (values[1:] for values in times.values())
    first, first_peer = (values[0] for values in times.values())
    return [
        Figure("opening it for the first time after a restart", first, "ms", 300,
               peer="a conversation of 20", peer_value=first_peer),
        Figure("opening a conversation of 10,000 messages", statistics.median(measured), "ms", 300,
                   peer="a conversation of 20", peer_value=statistics.median(peer),
                   note=f"median of {ROUNDS}, highest {max(measured):.0f}"),
    ]


def streaming(page: Page, app: App, client: Client) -> list[Figure]:
    """Frames while an answer streams into the long conversation."""
    count = STREAM_SECONDS * WORDS_PER_SECOND * 2
    text = Texts(seed=2).text(count).split(" ")
    with ScriptedProvider(streams([word + " " for word in text], pause=1 / WORDS_PER_SECOND)) as provider:
        client.use(provider.base_url)
        app.say("Tell me everything.")
        app.wait_for_text()
        before = len(page.locator("[role=log] article").last.inner_text())
        gaps = page.evaluate(FRAMES, STREAM_SECONDS * 1000)
        grown = len(page.locator("[role=log] article").last.inner_text()) - before
        assert grown > 1000, f"only {grown} letters arrived while the frames were counted"
        app.button("Stop").click()
        app.wait_for_reply()
    empty = page.context.new_page()
    empty.bring_to_front()
    peer = empty.evaluate(FRAMES, STREAM_SECONDS * 500)
    empty.close()
    late = sum(gap > 25 for gap in gaps)
    return [
        Figure("frame rate while streaming into it", round(frame_rate(gaps)), "frames/s", 60, higher_is_better=True,
               peer="an empty page", peer_value=frame_rate(peer),
               note=f"exactly {frame_rate(gaps):.2f}; {late} of {len(gaps)} came late, 95 of 100 within {percentile(gaps, 0.95):.1f} ms"),
    ]


def fill(client: Client, conversations: list[tuple]) -> None:
    body = json.dumps(export(conversations)).encode()
    answer = client.request("POST", "/api/v1/import", data=body, headers={"Content-Type": "application/json"}, timeout=600)
    assert answer.status_code == 200, answer.text[:500]


def measure(folder: pathlib.Path) -> list[Figure]:
    texts = Texts()
    long, short = texts.conversation("The long one", MESSAGES, START), texts.conversation("The short one", 20, START + 1)
    with Server(folder / "browser") as server, sync_playwright() as playwright:
        client = Client(server.origin)
        client.set_up()
        fill(client, [long, short])
        server.stop()
        server.start()
        client.unlock()
        profile = Profile(playwright, folder / "profile", server.origin)
        page = profile.open()
        app = App(page, server.origin)
        figures = [first_load(profile, page)]
        app.unlock(PASSPHRASE)
        app.wait_until_unlocked()
        expect(app.conversations).to_have_count(2)
        figures += opening(page, long, short)
        page.evaluate(OPEN, [long[0]["title"], long[1][-1]["content"][-24:]])
        figures += streaming(page, app, client)
        profile.close()
    return figures
