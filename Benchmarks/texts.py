"""Texts that look like a person's: few words often, many words seldom. The same seed makes the same texts."""

import random

from harness.ids import make_id

VOCABULARY = 20_000
SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnprstvz" for vowel in ("a", "e", "i", "o", "u", "ai", "ou")]


class Texts:
    """Makes messages out of a vocabulary of its own."""

    def __init__(self, seed: int = 1):
        self.random = random.Random(seed)
        self.words = sorted({self._word() for _ in range(VOCABULARY * 2)})[:VOCABULARY]
        self.random.shuffle(self.words)
        self.weights = [1 / (rank + 2) for rank in range(len(self.words))]

    def _word(self) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4)))

    def text(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, self.weights, k=words)).capitalize() + "."

    def query(self) -> str:
        """One to three words, of which the last may be only begun."""
        words = self.random.choices(self.words[50:], self.weights[50:], k=self.random.randint(1, 3))
        if self.random.random() < 0.3:
            words[-1] = words[-1][:4]
        return " ".join(words)

    def conversation(self, title: str, count: int, start: int) -> tuple[dict, list[dict]]:
        """A conversation of `count` messages, and the messages; times are milliseconds from `start`."""
        identity, parent, messages = make_id(), None, []
        for number in range(count):
            message = {
                "id": make_id(), "conversationID": identity, "role": ("user", "assistant")[number % 2], "state": "complete",
                "content": self.text(self.random.randint(8, 60)), "createdAt": start + number,
            } | ({"parentID": parent} if parent else {})
            parent = message["id"]
            messages.append(message)
        conversation = {
            "id": identity, "title": title, "titleSource": "user", "otherTitles": [], "isPinned": False,
            "liveReplies": [],
            "createdAt": start, "updatedAt": start + count,
        } | ({"activeLeaf": parent} if parent else {})
        return conversation, messages


def export(conversations: list[tuple[dict, list[dict]]]) -> dict:
    """An export as the server writes it, to be imported."""
    return {
        "format": "cherry-export", "version": 1, "exportedAt": 0,
        "conversations": [conversation for conversation, _ in conversations],
        "messages": [message for _, messages in conversations for message in messages],
        "personas": [], "preferences": [], "providers": [],
    }
