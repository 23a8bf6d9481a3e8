"""Runs the journal's driver and reads what it prints."""

import collections
import dataclasses
import pathlib
import subprocess

from harness import tools

DRIVER = tools.CHERRY.parent / "JournalDriver"


@dataclasses.dataclass
class Ledger:
    """One destination's figures, as the journal states them."""

    produced: int
    sent: int
    queued: int
    quarantined: int
    dropped: int

    @property
    def adds_up(self) -> bool:
        return self.produced == self.sent + self.queued + self.quarantined + self.dropped


class Story:
    """Everything that the driver's runs on one folder printed: what was tried, kept, and came to the destinations."""

    def __init__(self) -> None:
        self.tried: set[str] = set()
        self.kept: set[str] = set()
        self.errors = collections.Counter()
        self.received = collections.defaultdict(collections.Counter)
        self.refused = collections.defaultdict(set)
        self.dropped = collections.defaultdict(set)
        self.names: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.reports: list[dict[str, Ledger]] = []
        self.unsound: list[str] = []

    def read(self, output: str) -> set[str]:
        """Takes in what one run printed; returns the first words of its lines. A last line without an end is passed over."""
        words = set()
        for line in output.split("\n")[:-1]:
            word, *rest = line.split(" ")
            words.add(word)
            if word == "tried":
                self.tried.update(rest)
            elif word == "kept":
                self.kept.update(rest)
            elif word == "error":
                self.errors[rest[0]] += 1
            elif word in ("received", "refused", "dropped"):
                destination, identifier, text = rest
                assert self.names.setdefault(identifier, text) == text, f"{identifier} is {text} and {self.names[identifier]}"
                self.ids.setdefault(text, identifier)
                if word == "received":
                    self.received[destination][text] += 1
                else:
                    getattr(self, word)[destination].add(text)
            elif word == "found":
                assert rest[2:] == ["0", "false"], line
                self.reports.append({})
            elif word == "ledger":
                self.reports[-1][rest[0]] = Ledger(*map(int, rest[1:6]))
                assert self.reports[-1][rest[0]].adds_up, line
                assert rest[6] == "true", line
            elif word == "verified" and rest[0] != "true":
                self.unsound.append(line)
            elif word == "unbalanced":
                raise AssertionError(line)
        return words

    def check(self) -> None:
        """After everything has been delivered: what was kept is accounted for, to the record."""
        assert not self.unsound, self.unsound[:3]
        ledger = self.reports[-1]["all"]
        received = self.received["all"]
        known = set(received) | self.refused["all"] | self.dropped["all"]
        lost = self.kept - known
        assert not lost, f"{len(lost)} records were acknowledged and came nowhere: {sorted(lost)[:5]}"
        strangers = known - self.tried
        assert not strangers, f"never produced: {sorted(strangers)[:5]}"
        assert ledger.queued == 0
        for destination, figures in self.reports[-1].items():
            # Everything that was counted as sent did arrive.
            assert figures.sent <= len(self.received[destination]), destination


def start(command: str, folder: pathlib.Path, number: int = 0, before: list[str] | None = None) -> subprocess.Popen:
    tools.need_file(DRIVER, "JournalDriver")
    (folder / "key").mkdir(exist_ok=True)
    return subprocess.Popen(
        [*(before or []), DRIVER, command, folder / "journal", str(number)], stdout=subprocess.PIPE, text=True
    )


def run(command: str, folder: pathlib.Path, number: int = 0, before: list[str] | None = None) -> tuple[str, int]:
    """Runs the driver to its end; returns what it printed and its status."""
    process = start(command, folder, number, before)
    output, _ = process.communicate(timeout=120)
    return output, process.returncode
