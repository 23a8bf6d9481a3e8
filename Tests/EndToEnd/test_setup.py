"""The scripts that set a machine up: what is missing is said, with what mends it."""

import os
import pathlib
import shutil
import socket
import subprocess

import pytest

from harness import tools
from harness.server import free_port


@pytest.fixture
def checkout(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the scripts where nothing has been built."""
    copy = tmp_path / "checkout"
    shutil.copytree(tools.SCRIPTS, copy / "scripts")
    return copy


def run(script: pathlib.Path, *arguments: str, wrapper: tuple[str, ...] = (), **environment: str):
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "XDG_CACHE_HOME") if name in os.environ}
    return subprocess.run(
        [*wrapper, str(script), *arguments],
        env={**inherited, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def path_without(tmp_path: pathlib.Path, program: str) -> str:
    """A PATH with every program of the real one except `program`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for directory in os.environ["PATH"].split(":"):
        for entry in pathlib.Path(directory).glob("*") if os.path.isdir(directory) else []:
            link = folder / entry.name
            if entry.name != program and not link.exists() and not link.is_symlink():
                link.symlink_to(entry)
    return str(folder)


def stub(tmp_path: pathlib.Path, name: str, text: str) -> str:
    """A PATH whose first program called `name` prints `text`."""
    folder = tmp_path / "stubs"
    folder.mkdir()
    program = folder / name
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{text}\nEND\n")
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def add_package(checkout: pathlib.Path, name: str) -> None:
    with (checkout / "scripts/packages/run.txt").open("a") as packages:
        packages.write(name + "\n")


def test_without_swift_it_says_where_to_get_it(checkout, tmp_path):
    result = run(checkout / "scripts/setup.sh", PATH=path_without(tmp_path, "swift"))
    assert result.returncode == 69
    assert "Swift was not found" in result.stderr
    assert "install page of the Swift project" in result.stderr


def test_an_old_swift_is_refused(checkout, tmp_path):
    old = stub(tmp_path, "swift", "Swift version 5.10.1 (swift-5.10.1-RELEASE)")
    result = run(checkout / "scripts/setup.sh", PATH=old)
    assert result.returncode == 69
    assert "Swift 5.10 is too old: Cherry needs 6.2 or newer" in result.stderr


def test_without_root_it_says_which_command_to_run(checkout):
    add_package(checkout, "hello-traditional")
    plain_user = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.geteuid() == 0 else ()
    for folder in [checkout, *checkout.parents]:
        if folder.stat().st_uid == os.geteuid() and folder != pathlib.Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    result = run(checkout / "scripts/setup.sh", wrapper=plain_user)
    assert result.returncode == 77
    assert "sudo apt-get update && sudo apt-get install --no-install-recommends hello-traditional\n" in result.stderr


def test_without_a_network_packages_are_named(checkout):
    tools.need_root()
    add_package(checkout, "hello-traditional")
    result = run(checkout / "scripts/setup.sh", wrapper=("unshare", "-n"))
    assert result.returncode == 69
    assert "Debian packages could not be installed: hello-traditional" in result.stderr
    assert "there is no network: connect and run this again" in result.stderr


def test_without_a_network_the_models_are_named(checkout, tmp_path):
    tools.need_root()
    result = run(checkout / "scripts/setup.sh", wrapper=("unshare", "-n"), XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert result.returncode == 69
    assert "The Python packages of 'models' could not be fetched" in result.stderr
    assert "there is no network: connect and run this again" in result.stderr
    assert "LOCAL_MODEL=none" in result.stderr
    assert not list((tmp_path / "cache/cherry").glob("models-*")), "half an environment was left behind"


def test_a_taken_port_names_its_owner_and_another_port(checkout):
    with socket.socket() as owner:
        owner.bind(("127.0.0.1", 0))
        owner.listen()
        port = owner.getsockname()[1]
        result = run(checkout / "scripts/run.sh", PORT=str(port))
    assert result.returncode == 69
    assert f"Port {port} is taken by process {os.getpid()} (" in result.stderr
    assert f"make run PORT={port + 1}" in result.stderr


def test_a_wrong_port_is_refused(checkout):
    result = run(checkout / "scripts/run.sh", PORT="eighty")
    assert result.returncode == 64
    assert "'eighty' is not a port" in result.stderr


def test_a_full_disk_is_seen_before_anything_is_built(tmp_path):
    tools.need_root()
    small = tmp_path / "small"
    small.mkdir()
    script = f"mount -t tmpfs -o size=16m tmpfs {small} && cp -r {tools.SCRIPTS} {small} && exec {small}/scripts/run.sh"
    result = run(pathlib.Path("/bin/bash"), "-c", script, wrapper=("unshare", "-m"), PORT=str(free_port()))
    assert result.returncode == 74
    assert f"MB are free where {small} is; a first build needs 4000 MB" in result.stderr
    assert "make clean" in result.stderr


def test_a_second_run_does_nothing():
    """Whoever runs this test has set the machine up, so there is nothing left to do and nothing to reach."""
    offline = ("unshare", "-n") if os.geteuid() == 0 else ()
    result = run(tools.SCRIPTS / "setup.sh", "test", wrapper=offline)
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""
