"""The gateways that are measured side by side. Each is started on one core, in front of the same scripted provider."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess

import requests

import load
from harness.client import Client
from harness.scripted import ScriptedService
from harness.server import Server, free_port

START_SECONDS = 120
MODEL = "scripted"


class Unavailable(Exception):
    """A gateway that cannot be measured here, and why."""


def listens(port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    return False


class Gateway:
    """What all have in common. `pid` is `None` where there is no process between the load and the provider."""

    name = "direct"
    model = MODEL

    def __init__(self, service: ScriptedService, folder: pathlib.Path):
        self.service = service
        self.folder = folder / self.name
        self.folder.mkdir(parents=True)
        self.port = service.port
        self.path = "/v1/chat/completions"
        self.headers = {"Authorization": "Bearer sk-scripted"}
        self.pid: int | None = None

    def start(self) -> None:
        """Begins to serve; raises `Unavailable` when it cannot."""

    def stop(self) -> None:
        """Ends what `start` began."""


class ProcessGateway(Gateway):
    """A gateway that is a program with arguments."""

    def launch(self, command: list[str], environment: dict[str, str] | None = None) -> None:
        with (self.folder / "output.log").open("wb") as log:
            self.process = subprocess.Popen(command, env=environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        self.pid = self.process.pid
        load.wait_for(self.name, self.is_ready, START_SECONDS)

    def is_ready(self) -> bool:
        if self.process.poll() is not None:
            output = (self.folder / "output.log").read_text(errors="replace")[-2000:]
            raise Unavailable(f"{self.name} ended at once:\n{output}")
        return listens(self.port)

    def stop(self) -> None:
        if self.pid:
            self.process.terminate()
            self.process.wait(20)


class Nginx(ProcessGateway):
    """A plain reverse proxy: no buffering, connections kept on both sides, an access log."""

    name = "nginx"

    def start(self) -> None:
        program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        if not program:
            raise Unavailable("nginx is not installed")
        self.port = free_port()
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind};\n"
                            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(f"""
            daemon off; worker_processes 1; worker_rlimit_nofile 20000;
            pid {self.folder}/pid; error_log {self.folder}/error.log;
            events {{ worker_connections 19000; }}
            http {{
                access_log {self.folder}/access.log; {temporary} keepalive_requests 1000000000;
                upstream provider {{
                    server 127.0.0.1:{self.service.port}; keepalive 512; keepalive_requests 1000000000;
                }}
                server {{
                    listen 127.0.0.1:{self.port} backlog=4096;
                    location / {{
                        proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection "";
                        proxy_buffering off; proxy_request_buffering off;
                    }}
                }}
            }}""")
        self.launch([program, "-p", str(self.folder), "-e", str(self.folder / "error.log"), "-c", "nginx.conf"])


class LiteLLM(ProcessGateway):
    """The proxy of LiteLLM with one worker and a key of its own."""

    name = "LiteLLM"

    def start(self) -> None:
        program = os.environ.get("CHERRY_BENCH_LITELLM", "")
        if not program:
            raise Unavailable("LiteLLM is not installed")
        self.port = free_port()
        self.headers = {"Authorization": "Bearer sk-litellm-bench"}
        upstream = {"model": f"openai/{MODEL}", "api_base": f"{self.service.origin}/v1", "api_key": "sk-scripted"}
        config = {"model_list": [{"model_name": MODEL, "litellm_params": upstream}],
                  "general_settings": {"master_key": "sk-litellm-bench"}}
        (self.folder / "config.yaml").write_text(json.dumps(config))
        environment = {"PATH": f"{pathlib.Path(program).parent}:/usr/bin:/bin", "HOME": str(self.folder),
                       "LANG": "C.UTF-8", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False",
                       "NO_PROXY": "*", "SCARF_NO_ANALYTICS": "true"}
        self.launch([program, "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(self.port),
                     "--num_workers", "1"], environment)


class Bridge(Gateway):
    """Cherry's own, as it is started by everybody: with logs, metrics, a scoped token and usage records."""

    name = "Bridge"
    settings: dict[str, str] = {}

    def prepare(self, client: Client) -> None:
        """Sets more up than the others have."""

    def start(self) -> None:
        self.server = Server(self.folder, **self.settings)
        if not pathlib.Path(self.server.program).exists():
            raise Unavailable(f"{self.server.program} is missing")
        self.server.start()
        self.port = self.server.port
        self.pid = self.server.process.pid
        client = Client(self.server.origin)
        client.set_up()
        self.prepare(client)
        client.add_provider(f"{self.service.origin}/v1", name="Scripted", model=MODEL, key="sk-scripted")
        answer = client.request("POST", "/api/v1/tokens", json={"name": "bench"})
        if answer.status_code == 404:
            raise Unavailable("this build has no tokens for tools yet")
        assert answer.status_code == 201, answer.text
        self.headers = {"Authorization": f"Bearer {answer.json()['token']}"}
        probe = requests.post(f"http://127.0.0.1:{self.port}{self.path}", headers=self.headers, timeout=20,
                              json={"model": self.model, "messages": [{"role": "user", "content": "Hi"}]})
        if probe.status_code == 404:
            raise Unavailable(f"this build does not answer {self.path} yet")
        assert probe.status_code == 200, probe.text

    def stop(self) -> None:
        self.server.kill()


ALL = [Gateway, Nginx, LiteLLM, Bridge]
