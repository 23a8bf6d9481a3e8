"""The web app as a person uses it: by the names of what is on the screen."""

import re

from playwright.sync_api import Locator, Page, expect

PASSPHRASE = "violet tractor mumbles seven"
ANSWER_SECONDS = 60


class App:
    def __init__(self, page: Page, origin: str):
        self.page = page
        self.origin = origin

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.page.get_by_label(name, exact=True)

    # First run and lock

    def open(self) -> None:
        self.page.goto(self.origin + "/")

    def set_up(self, passphrase: str = PASSPHRASE) -> str:
        """The whole first run; returns the recovery code."""
        self.open()
        self.button("Begin").click()
        self.field("Passphrase").fill("password123")
        expect(self.page.get_by_text("tried first")).to_be_visible()
        expect(self.button("Create the vault")).to_be_disabled()
        self.field("Passphrase").fill(passphrase)
        self.field("The same again").fill(passphrase)
        self.button("Create the vault").click()
        groups = self.page.get_by_label("Recovery code", exact=True).locator("code")
        expect(groups).to_have_count(9)
        code = groups.all_inner_texts()
        self.button("I have it").click()
        for field in self.page.get_by_role("textbox", name=re.compile("^Group")).all():
            number = int(field.evaluate("element => element.labels[0].innerText").split()[1])
            field.fill(code[number - 1].lower())
        self.button("Confirm").click()
        expect(self.page.get_by_role("heading", name="What is protected, and what is not")).to_be_visible()
        self.button("Start talking").click()
        expect(self.message_field).to_be_visible()
        return "-".join(code)

    def lock(self) -> None:
        self.button("Lock").click()
        expect(self.page.get_by_role("heading", name="Locked")).to_be_visible()

    def unlock(self, passphrase: str = PASSPHRASE) -> None:
        self.field("Passphrase").fill(passphrase)
        self.button("Unlock").click()

    def wait_until_unlocked(self) -> None:
        expect(self.page.get_by_role("navigation", name="Conversations")).to_be_visible()

    # Talking

    @property
    def message_field(self) -> Locator:
        return self.field("Message")

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("article")

    @property
    def replies(self) -> Locator:
        return self.page.locator("article.message-assistant")

    def say(self, text: str) -> None:
        self.message_field.fill(text)
        self.button("Send").click()
        expect(self.page.locator("article.message-user").last).to_contain_text(text)

    def wait_for_reply(self) -> None:
        """Waits until the last message is a reply that is complete."""
        last = self.page.locator("article:last-of-type.message-assistant")
        expect(last.get_by_role("button", name="Regenerate", exact=True)).to_be_visible(timeout=ANSWER_SECONDS * 1000)

    def wait_for_text(self) -> None:
        """Waits until something of the reply has arrived."""
        last = self.page.locator("article:last-of-type.message-assistant .markdown")
        expect(last).not_to_be_empty(timeout=ANSWER_SECONDS * 1000)

    # Around it

    @property
    def conversations(self) -> Locator:
        return self.page.locator(".conversation-link")

    def go(self, place: str) -> None:
        """Goes to a page by its button in the side bar."""
        self.button(place).click()

    def tab(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).click()
