"""Fixtures: a server, clients, browser profiles. Whatever a test starts ends with it."""

import os
import pathlib
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from playwright.sync_api import sync_playwright  # noqa: E402

from harness import tools  # noqa: E402
from harness.app import App  # noqa: E402
from harness.browser import Profile  # noqa: E402
from harness.client import Client  # noqa: E402
from harness.server import Server  # noqa: E402


@pytest.fixture(scope="session")
def artifacts() -> pathlib.Path:
    """Where screenshots and logs of failed tests are left."""
    return pathlib.Path(os.environ.get("CHERRY_TEST_ARTIFACTS") or tempfile.mkdtemp(prefix="cherry-end-to-end-"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" and report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            leave_evidence = getattr(value, "leave_evidence", None)
            if leave_evidence:
                folder = item.funcargs.get("artifacts") or pathlib.Path(tempfile.mkdtemp(prefix="cherry-end-to-end-"))
                report.sections.append((f"left by {name}", leave_evidence(folder / item.name)))
    return report


@pytest.fixture
def make_server(tmp_path: pathlib.Path):
    """Makes servers, each on its own folder, and ends them."""
    servers: list[Server] = []

    def make(name: str = "server", **settings: str) -> Server:
        server = Server(tmp_path / name, **settings)
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.kill()


@pytest.fixture
def server(make_server) -> Server:
    """A running server that has never been set up."""
    return make_server().start()


@pytest.fixture
def client(server: Server) -> Client:
    """A client of `server`, set up and unlocked."""
    client = Client(server.origin)
    client.set_up()
    return client


@pytest.fixture
def make_profile(tmp_path: pathlib.Path):
    """Makes profiles of a browser, each for one origin, and closes them."""
    with sync_playwright() as playwright:
        profiles: list[Profile] = []

        def make(origin: str) -> Profile:
            profiles.append(Profile(playwright, tmp_path / f"profile-{len(profiles)}", origin))
            return profiles[-1]

        yield make
        for profile in profiles:
            profile.close()


@pytest.fixture
def profile(make_profile, server: Server) -> Profile:
    """A profile for `server`."""
    return make_profile(server.origin)


@pytest.fixture
def app(profile: Profile) -> App:
    """The app of `server`, set up and unlocked."""
    app = App(profile.open(), profile.origin)
    app.set_up()
    return app


@pytest.fixture
def local_model() -> None:
    """Says that the test talks to the real local model."""
    tools.need_file(tools.LOCAL_SERVER, "llama-server")
    tools.need_file(tools.LOCAL_MODEL, "the local model")
