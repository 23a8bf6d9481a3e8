"""A Sentry-compatible server: the real Bugsink, on a free port, with its database in a folder."""

import contextlib
import functools
import json
import pathlib
import subprocess

import requests

from . import tools
from .prometheus import wait_for
from .server import free_port

START_SECONDS = 180
PROJECT = "cherry"
SETTINGS = """
DATABASES["default"]["NAME"] = {folder!r} + "/db.sqlite3"
DATABASES["snappea"]["NAME"] = {folder!r} + "/snappea.sqlite3"
BUGSINK["INGEST_STORE_BASE_DIR"] = {folder!r} + "/ingestion"
BUGSINK["PHONEHOME"] = False
"""
PREPARE = f"""
from django.contrib.auth import get_user_model
from bsmain.models import AuthToken
from projects.models import Project
from teams.models import Team
get_user_model().objects.create_superuser(username="owner@example.org", email="owner@example.org", password="a pass for tests")
project = Project.objects.create(name="Cherry", slug="{PROJECT}", team=Team.objects.create(name="Team"))
print("READY", AuthToken.create_full_access().token, project.id, project.dsn)
"""


@functools.cache
def environment() -> pathlib.Path:
    """Where the Python environment is that scripts/python/sentry.txt lists."""
    command = ["bash", "-c", 'source "$1" && environment sentry', "_", str(tools.SCRIPTS / "lib.sh")]
    place = pathlib.Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())
    tools.need_file(place / ".complete", "the Python environment with Bugsink")
    return place


class Bugsink:
    """Runs for as long as the block. Its tasks are done at once, so what was taken can be read."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.log = folder / "bugsink.log"
        self.port = free_port()
        self.token = self.project = self.dsn = ""
        self.process: subprocess.Popen | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Bugsink":
        self.folder.mkdir(parents=True, exist_ok=True)
        self._run("bugsink-create-conf", "--template=local", "--host=127.0.0.1", f"--port={self.port}")
        with (self.folder / "bugsink_conf.py").open("a") as settings:
            settings.write(SETTINGS.format(folder=str(self.folder)))
        self._run("bugsink-manage", "migrate", "--verbosity=0")
        said = self._run("bugsink-manage", "shell", "--no-imports", "--command", PREPARE)
        _, self.token, self.project, self.dsn = next(line.split() for line in said.splitlines() if line.startswith("READY"))
        command = [environment() / "bin/gunicorn", f"--bind=127.0.0.1:{self.port}", "--workers=1", "--threads=4", "bugsink.wsgi"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_for("Bugsink's first answer", self._is_ready, START_SECONDS)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, f"it ended at once:\n{self.log.read_text()}"
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.origin}/health/ready", timeout=START_SECONDS).status_code == 200
        return False

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [environment() / "bin" / program, *arguments],
            cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=START_SECONDS)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _get(self, path: str, **query: str) -> requests.Response:
        answer = requests.get(
            f"{self.origin}/api/canonical/0/{path}", params=query, timeout=20, headers={"Authorization": f"Bearer {self.token}"})
        assert answer.status_code == 200, answer.text
        return answer

    def events(self) -> list[dict]:
        """Every event, whole, the newest first."""
        issues = self._get("issues/", project=self.project).json()["results"]
        found = [event for issue in issues for event in self._get("events/", issue=issue["id"]).json()["results"]]
        found.sort(key=lambda event: event["ingested_at"], reverse=True)
        return [self._get(f"events/{event['id']}/").json() for event in found]

    def wait_for_event(self, **wanted: str) -> dict:
        """The newest event whose data have these values."""
        def find() -> dict | None:
            return next((event for event in self.events() if all(event["data"].get(name) == value for name, value in wanted.items())), None)

        return wait_for(f"an event with {wanted}", find)

    def stack(self, event: dict) -> str:
        """The stack as Bugsink shows it, with source maps applied."""
        return self._get(f"events/{event['id']}/stacktrace/").text


def normalized(events: list[dict]) -> list[dict]:
    """What Sentry's own relay makes of events; what it finds wrong stands in `_meta`."""
    script = pathlib.Path(__file__).parent / "relay.py"
    done = subprocess.run(
        [environment() / "bin/python", script], input=json.dumps(events), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
