"""Requests that no well-behaved client sends, over a real connection: a clear answer, and the server goes on."""

import json
import socket

import pytest

from harness.client import Client

CONVERSATIONS = "/api/v1/conversations"
UNKNOWN = "01a22f28-eb91-7df6-b3bc-d36ebc6c85e5"


def post(client: Client, body: bytes, path: str = CONVERSATIONS, **headers: str):
    return client.request("POST", path, data=body, headers={"Content-Type": "application/json", **headers})


def assert_refused(client: Client, response, status: int, code: str) -> None:
    assert response.status_code == status, response.text[:500]
    error = response.json()["error"]
    assert error["code"] == code
    assert error["message"].strip()
    assert client.request("GET", "/livez").status_code == 200
    assert client.conversations() == [], "something was written all the same"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param(b"{", 400, "malformedJSON", id="malformed JSON"),
        pytest.param(b"", 400, "malformedJSON", id="empty body"),
        pytest.param(b'{"title": "\xff\xfe"}', 400, "malformedJSON", id="invalid UTF-8"),
        pytest.param(b'{"title": 7}', 422, "invalid", id="wrong type"),
        pytest.param(b"[]", 422, "invalid", id="not an object"),
        pytest.param(b'{"id": "not an id"}', 422, "invalid", id="bad id"),
        pytest.param(b'{"a":' * 100 + b"1" + b"}" * 100, 400, "tooDeep", id="deep nesting"),
        pytest.param(b"[" * 200_000, 400, "tooDeep", id="very deep nesting"),
        pytest.param(b'{"title": "' + b"x" * (2 << 20) + b'"}', 413, "tooLarge", id="2 MB"),
    ],
)
def test_bad_bodies(client, body, status, code):
    assert_refused(client, post(client, body), status, code)


@pytest.mark.parametrize("announced", [True, False], ids=["with its length", "in chunks"])
def test_a_body_of_100_mb_is_refused_before_it_is_read(server, client, announced):
    """The server must answer early and hold no more than its limit in memory."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.session.cookies)
    length = f"Content-Length: {100 << 20}" if announced else "Transfer-Encoding: chunked"
    head = (f"POST {CONVERSATIONS} HTTP/1.1\r\nHost: localhost:{server.port}\r\nX-Cherry: 1\r\nCookie: {cookies}\r\n"
            f"Content-Type: application/json\r\n{length}\r\n\r\n")
    piece = b"x" * (1 << 20)
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        connection.sendall(head.encode())
        sent = 0
        try:
            for _ in range(100):
                connection.sendall(piece if announced else b"100000\r\n" + piece + b"\r\n")
                sent += len(piece)
        except OSError:
            pass  # The server closed the connection, as it should.
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass  # What was still under way when it closed.
    assert not answer or b" 413 " in answer.split(b"\r\n")[0]
    assert answer or sent < 100 << 20
    assert client.conversations() == []
    with open(f"/proc/{server.process.pid}/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    assert peak < 400 * 1024, f"the server held {peak} kB"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        pytest.param({"X-Cherry": None}, 403, "missingHeader", id="no custom header"),
        pytest.param({"Origin": "https://evil.example"}, 403, "wrongOrigin", id="another origin"),
        pytest.param({"Origin": "null"}, 403, "wrongOrigin", id="no origin"),
        pytest.param({"Host": "evil.example"}, 421, "unknownHost", id="another host"),
        pytest.param({"Content-Type": "text/plain"}, 415, "unsupportedMediaType", id="not JSON"),
    ],
)
def test_bad_headers(client, headers, status, code):
    response = client.request("POST", CONVERSATIONS, data=b"{}", headers={"Content-Type": "application/json"} | headers)
    assert_refused(client, response, status, code)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", f"{CONVERSATIONS}/{UNKNOWN}", 404, "notFound"),
        ("GET", f"/api/v1/messages/{UNKNOWN}", 404, "notFound"),
        ("GET", f"/api/v1/messages/{UNKNOWN}/events", 404, "notFound"),
        ("DELETE", f"/api/v1/sessions/{UNKNOWN}", 404, "notFound"),
        ("GET", "/api/v1/nothing", 404, "notFound"),
        ("PUT", CONVERSATIONS, 405, "methodNotAllowed"),
    ],
)
def test_what_is_not_there(client, method, path, status, code):
    assert_refused(client, client.request(method, path), status, code)


def test_without_a_session(server, client):
    stranger = Client(server.origin)
    assert stranger.call("GET", CONVERSATIONS, expect=401)["error"]["code"] == "unauthenticated"
    stranger.session.cookies.set("cherry_session", "made-up")
    assert stranger.call("GET", CONVERSATIONS, expect=401)["error"]["code"] == "unauthenticated"


def test_a_session_that_was_ended(server, client):
    second = Client(server.origin)
    mine = second.unlock()["session"]["id"]
    assert second.call("GET", CONVERSATIONS)["items"] == []
    client.call("DELETE", f"/api/v1/sessions/{mine}", expect=204)
    assert second.call("GET", CONVERSATIONS, expect=401)["error"]["code"] == "unauthenticated"
    assert client.call("GET", CONVERSATIONS)["items"] == []


def test_a_sealed_server(client):
    client.lock()
    error = client.call("GET", CONVERSATIONS, expect=423)["error"]
    assert error["code"] == "sealed"
    assert client.call("GET", "/readyz") == {"status": "ready", "vault": "sealed"}


def test_wrong_passphrases_make_waiting_longer_even_over_a_restart(server, client):
    client.lock()
    wrong = client.login_keys("quite another passphrase altogether")
    for _ in range(20):
        response = client.request("POST", "/api/v1/unlock", json=wrong)
        if response.status_code == 429:
            break
        assert response.status_code == 401 and response.json()["error"]["code"] == "wrongPassphrase"
    assert response.status_code == 429, "no back-off after 20 wrong passphrases"
    assert int(response.headers["Retry-After"]) >= 1
    server.stop()
    server.start()
    assert client.request("POST", "/api/v1/unlock", json=wrong).status_code == 429


def test_security_headers_are_on_every_answer(client):
    for path in ("/", "/livez", "/api/v1/status", CONVERSATIONS, "/api/v1/nothing", "/openapi.json"):
        headers = client.request("GET", path).headers
        policy = headers["content-security-policy"]
        for part in ("default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"):
            assert part in policy, path
        assert "unsafe-inline" not in policy and "unsafe-eval" not in policy, path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
    assert client.request("GET", CONVERSATIONS).headers["cache-control"] == "no-store"


def test_an_import_that_is_not_an_export(client):
    error = client.call("POST", "/api/v1/import", {"format": "something else"}, expect=422)["error"]
    assert error["code"] == "invalid"
    response = post(client, json.dumps({"format": "cherry-export", "version": 99}).encode(), "/api/v1/import")
    assert response.status_code == 422
    assert client.conversations() == []
