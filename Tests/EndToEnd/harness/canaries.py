"""Random words that occur nowhere else, to be put where a person's words and secrets go."""

import secrets
import string

LETTERS = 18


def word() -> str:
    """A word that nobody ever wrote. Lower-case letters only, so that no tokenizer or folding changes it."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(LETTERS))


class Canaries:
    """One canary for each place."""

    def __init__(self):
        self.message = word()
        self.reply = word()
        self.title = word()
        self.draft = word()
        self.query = word()
        self.persona_name = word()
        self.persona_instructions = word()
        self.preference = word()
        self.provider_name = word()
        self.provider_key = word()
        self.passphrase_word = word()

    @property
    def passphrase(self) -> str:
        return f"{self.passphrase_word} walks over the hill"

    @property
    def words(self) -> dict[str, str]:
        return dict(vars(self))
