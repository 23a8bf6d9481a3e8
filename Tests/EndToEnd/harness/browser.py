"""A real Chromium with a profile of its own, which notes what a page must never do."""

import os
import pathlib
from urllib.parse import urlsplit

os.environ["PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS"] = "1"

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Playwright, Request, expect  # noqa: E402

from . import tools  # noqa: E402

ACTION_SECONDS = 20
LOCAL_SCHEMES = {"about", "blob", "data"}


class Profile:
    """A folder that Chromium keeps its things in, and the browser that is open on it."""

    def __init__(self, playwright: Playwright, folder: pathlib.Path, origin: str):
        self.playwright = playwright
        self.folder = folder
        self.origin = origin
        self.context: BrowserContext | None = None
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.expected_errors: list[str] = []

    def open(self, **options) -> Page:
        """Starts Chromium and returns its first page, which is empty."""
        tools.need_file(tools.CHROMIUM, "Chromium")
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "accept_downloads": True} | options
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder, executable_path=tools.CHROMIUM, headless=True, args=["--no-sandbox"], **options
        )
        self.context.set_default_timeout(ACTION_SECONDS * 1000)
        expect.set_options(timeout=ACTION_SECONDS * 1000)
        self.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=self.origin)
        self.context.on("request", self._saw_request)
        self.context.on("console", self._saw_console)
        self.context.on("weberror", lambda error: self.errors.append(f"uncaught: {error.error}"))
        return self.context.pages[0]

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None

    def _saw_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _saw_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.type}: {message.text}")

    @property
    def foreign_requests(self) -> list[str]:
        """Requests that went anywhere but to the server under test."""
        own = urlsplit(self.origin)

        def is_own(url: str) -> bool:
            parts = urlsplit(url)
            return parts.scheme in LOCAL_SCHEMES or (parts.scheme, parts.netloc) == (own.scheme, own.netloc)

        return [url for url in self.requests if not is_own(url)]

    def expect_error(self, text: str) -> None:
        """Says that a test provokes console errors with `text`, such as a failed request while the server is away."""
        self.expected_errors.append(text)

    @property
    def unexpected_errors(self) -> list[str]:
        return [error for error in self.errors if not any(text in error for text in self.expected_errors)]

    def assert_clean(self) -> None:
        assert self.requests, "the browser asked for nothing, so nothing was shown"
        assert self.foreign_requests == []
        assert self.unexpected_errors == []

    def leave_evidence(self, folder: pathlib.Path) -> str:
        """Saves what every open page looks like; returns what to print."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for number, page in enumerate(self.context.pages if self.context else []):
            try:
                page.screenshot(path=folder / f"page-{number}.png")
                (folder / f"page-{number}.txt").write_text(page.locator("body").aria_snapshot())
                lines.append(f"{page.url}: {folder}/page-{number}.png")
            except Error as failure:  # a page that hangs must not end the whole run
                lines.append(f"{page.url}: {failure.message.splitlines()[0]}")
        return "\n".join([*lines, *self.errors])
