"""What changes when the server speaks TLS itself."""

import subprocess
import time

import pytest
import requests

from harness.client import Client
from harness.server import START_SECONDS, Server


@pytest.fixture
def certificate(tmp_path) -> dict[str, str]:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )
    return {"CHERRY_TLS_CERTIFICATE": str(certificate), "CHERRY_TLS_KEY": str(key)}


@pytest.fixture
def secure(make_server, certificate) -> Client:
    """A client of a server that speaks TLS and has answered."""
    server: Server = make_server(**certificate)
    server.launch()
    client = Client(f"https://localhost:{server.port}")
    client.session.verify = certificate["CHERRY_TLS_CERTIFICATE"]
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            assert client.request("GET", "/livez").status_code == 200
            return client
        except requests.ConnectionError:
            assert server.process.poll() is None and time.monotonic() < deadline, server.output()
            time.sleep(0.01)


def test_the_cookie_is_bound_to_the_host_and_the_browser_is_told_to_stay(secure):
    secure.set_up()
    cookie, = secure.session.cookies
    assert cookie.name.startswith("__Host-") and cookie.secure and cookie.path == "/"
    answer = secure.request("GET", "/api/v1/vault")
    assert answer.status_code == 200
    assert "max-age=" in answer.headers["strict-transport-security"]
    secure.lock()
    secure.unlock()
    assert secure.call("GET", "/api/v1/vault")["state"] == "unlocked"


def test_plain_http_is_not_answered(secure):
    with pytest.raises(requests.RequestException):
        requests.get(secure.origin.replace("https:", "http:") + "/livez", timeout=10)
