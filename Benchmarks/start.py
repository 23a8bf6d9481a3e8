"""How long it takes from starting the program to its first answer, and how much memory it then holds."""

import pathlib
import socket
import statistics
import subprocess
import sys
import time

from figures import Figure
from harness.client import Client
from harness.server import Server, free_port

ROUNDS = 20
IDLE_SECONDS = 5
DEADLINE_SECONDS = 30


def first_answer(command: list, environment: dict | None, port: int, path: str, folder: pathlib.Path) -> float:
    """Milliseconds until `path` is answered with 200."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode()
    started = time.perf_counter()
    with (folder / "start.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        while time.perf_counter() - started < DEADLINE_SECONDS:
            try:
                with socket.create_connection(("127.0.0.1", port), 5) as connection:
                    connection.sendall(request)
                    if b" 200 " in connection.recv(64):
                        return (time.perf_counter() - started) * 1000
            except OSError:
                assert process.poll() is None, "the program ended"
        raise AssertionError("no answer")
    finally:
        process.terminate()
        process.wait(20)


def memory(pid: int) -> dict[str, float]:
    """Megabytes that a process holds: all that is resident, and its fair share of what it shares."""
    found = {}
    for file, names in (("status", ("VmRSS", "RssAnon", "RssFile")), ("smaps_rollup", ("Pss",))):
        for line in pathlib.Path(f"/proc/{pid}/{file}").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in names:
                found[name] = int(value.split()[0]) / 1024
    return found


def idle_memory(server: Server) -> dict[str, float]:
    time.sleep(IDLE_SECONDS)
    return memory(server.process.pid)


def measure(folder: pathlib.Path) -> list[Figure]:
    with Server(folder / "start") as server:
        Client(server.origin).set_up()
        unlocked = idle_memory(server)
        server.stop()
        server.start()
        sealed = idle_memory(server)
        server.stop()

    peer_port = free_port()
    peer = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(peer_port)]
    command = [server.program, "serve"]
    ours, theirs = [], []
    for _ in range(ROUNDS + 1):
        ours.append(first_answer(command, server.environment, server.port, "/livez", server.folder))
        theirs.append(first_answer(peer, None, peer_port, "/", folder))
    process = subprocess.Popen(peer, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(IDLE_SECONDS)
    peer_memory = memory(process.pid)
    process.terminate()
    process.wait(20)
    return [
        Figure("start to first answer, sealed", statistics.median(ours[1:]), "ms", 100, peer="python3 -m http.server",
               peer_value=statistics.median(theirs[1:]), note=f"median of {ROUNDS}, highest {max(ours[1:]):.0f}"),
        Figure("idle memory, unlocked", unlocked["VmRSS"], "MB", 64, peer="python3 -m http.server",
               peer_value=peer_memory["VmRSS"],
               note=f"resident, of which {unlocked['RssFile']:.0f} MB are files; proportional {unlocked['Pss']:.0f} MB"),
        Figure("idle memory, sealed", sealed["VmRSS"], "MB", 64, note=f"proportional {sealed['Pss']:.0f} MB"),
    ]
