"""The command line, at a terminal and without one."""

import os
import pathlib
import re
import subprocess
import threading

import pexpect

from . import tools
from .server import Server

SECONDS = 60


class CommandLine:
    """Runs `cherry` commands with a server's settings."""

    def __init__(self, server: Server):
        self.environment = server.environment

    def run(self, *arguments: str, **secrets: str) -> subprocess.CompletedProcess:
        """Runs a command without a terminal. Each secret goes in by a descriptor: `passphrase` by --passphrase-fd …"""
        arguments, descriptors = list(arguments), []
        for name, secret in secrets.items():
            read, write = os.pipe()
            os.write(write, secret.encode() + b"\n")
            os.close(write)
            descriptors.append(read)
            arguments += [f"--{name.replace('_', '-')}-fd", str(read)]
        try:
            return subprocess.run(
                [tools.CHERRY, *arguments],
                env=self.environment,
                pass_fds=descriptors,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                start_new_session=True,
            )
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def ok(self, *arguments: str, **secrets: str) -> str:
        result = self.run(*arguments, **secrets)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def terminal(self, *arguments: str) -> pexpect.spawn:
        """Starts a command at a terminal of its own."""
        return pexpect.spawn(
            str(tools.CHERRY), list(arguments), env=self.environment, encoding="utf-8", timeout=SECONDS, dimensions=(40, 160)
        )


def answer(terminal: pexpect.spawn, prompt: str, secret: str) -> None:
    terminal.expect_exact(prompt)
    terminal.sendline(secret)


def ends(terminal: pexpect.spawn) -> int:
    """Waits for the end of a command; returns its exit status."""
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus


def recovery_code(text: str) -> str:
    """The recovery code in what a command printed, in rows of three groups."""
    rows = re.findall(r"^\s*([0-9A-Z]{4}) - ([0-9A-Z]{4}) - ([0-9A-Z]{4})\s*$", text, re.MULTILINE)
    assert len(rows) == 3, f"no recovery kit in {text!r}"
    return "-".join(group for row in rows for group in row)


class ProcessWatch:
    """Notes the arguments and the environment of every process below one, as other processes see them."""

    def __init__(self, root_pid: int):
        self.root_pid = root_pid
        self.seen = b""
        self.processes: set[int] = set()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "ProcessWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.005):
            self.look()

    def look(self) -> None:
        for pid in self._below(self.root_pid):
            self.processes.add(pid)
            for file in ("cmdline", "environ"):
                try:
                    self.seen += pathlib.Path(f"/proc/{pid}/{file}").read_bytes()
                except OSError:
                    continue  # It ended in between.

    def _below(self, pid: int) -> list[int]:
        found = [pid]
        try:
            children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return found
        for child in children:
            found += self._below(int(child))
        return found
