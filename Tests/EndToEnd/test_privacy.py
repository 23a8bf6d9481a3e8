"""Nothing that a person writes, and no secret, is in anything that the server tells of itself.

A word that occurs nowhere else is put wherever words come from: what a person writes, what strangers send, what services
answer. It goes through every route that the interface describes, through what fails at providers, tool servers, imports,
doors and destinations, while all destinations are set. Then it is looked for in what came to them, and in the server's
output, figures, log and journal, in every form in which it might have been written.
"""

import collections
import itertools
import json
import pathlib
import re
import threading

import pytest
import requests

from harness.canaries import word
from harness.client import PASSPHRASE, Client
from harness.command import CommandLine
from harness.ids import make_id
from harness.provider import Exchange, ScriptedProvider
from harness.scanner import Scanner
from harness.server import Server, free_port
from harness.sinks import ForwardSink, Received, Reply, Sink

# What ends the session, the vault or the process of the test is tried without a session alone.
ENDS_THE_TEST = {"/api/v1/lock", "/api/v1/logout", "/api/v1/erase", "/api/v1/vault/rotate", "/api/v1/telemetry/{kind}"}
# What a destination is told in order to let the server in; nobody else is.
CREDENTIALS = {"authorization", "x-sentry-auth"}
FORMS_OF_METRICS = ["text/plain", "application/openmetrics-text; version=1.0.0",
                    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"]


class Corpus:
    """Makes words, each for one use. All begin with the same letters, so that one search finds any of them."""

    ENDING = 4

    def __init__(self):
        self.stem = word()
        self.uses: dict[str, str] = {}
        self.others: dict[str, str] = {}

    def __call__(self, use: str) -> str:
        number, ending = len(self.uses), ""
        for _ in range(self.ENDING):
            number, letter = divmod(number, 26)
            ending += chr(ord("a") + letter)
        self.uses[ending] = use
        return self.stem + ending

    def findings(self, told: dict[str, bytes]) -> list[str]:
        """Where a word or another secret stands, in any form, and whose word it is where that can be read."""
        scanner = Scanner({"a word": self.stem, **self.others})
        found = []
        for name, data in told.items():
            found += [str(finding) for finding in scanner.scan_data(data, name)]
            endings = set(re.findall(self.stem.encode() + rb"([a-z]{%d})" % self.ENDING, data))
            found += sorted({f"the word of {self.uses.get(ending.decode(), ending)!r} in {name}" for ending in endings})
        return found

    def email(self, use: str) -> str:
        return f"{self(use)}@{self(use + ', host')}.example"

    def file(self, use: str) -> str:
        return f"/home/{self(use + ', folder')}/{self(use)}.pdf"

    def key(self, use: str) -> str:
        return f"sk-{self(use)}"


class Destinations:
    """Every kind of destination. Each answers a few requests with what it was sent and words of its own, then well."""

    HOSTILE = (503, 400, 500)

    def __init__(self, corpus: Corpus):
        self.corpus = corpus
        self.answered = collections.Counter()
        self.is_hostile = True
        self.key = corpus("the DSN")
        self.sinks = {name: Sink(self.answer) for name in ("sentry", "otlp", "loki", "elasticsearch")}
        self.forward = ForwardSink()

    def __enter__(self) -> "Destinations":
        for sink in (*self.sinks.values(), self.forward):
            sink.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        for sink in (*self.sinks.values(), self.forward):
            sink.__exit__(*failure)

    def answer(self, request: Received) -> Reply:
        host = request.headers["host"]
        self.answered[host] += 1
        if self.is_hostile and self.answered[host] <= len(self.HOSTILE):
            body = f'{{"errors":true,"error":{{"reason":"{self.corpus("a destination")}"}},"echo":'.encode() + request.body[:5000]
            return Reply(self.HOSTILE[self.answered[host] - 1], body,
                         {"X-Word": self.corpus("a destination's header"), "Retry-After": "0", "Content-Type": self.corpus("a type")})
        if request.path.endswith("/_bulk"):
            lines = [json.loads(line) for line in request.body.splitlines()]
            items = [{"create": {"_id": line["create"]["_id"], "status": 201}} for line in lines[::2]]
            return Reply(200, json.dumps({"errors": False, "items": items}).encode(), {"Content-Type": "application/json"})
        return Reply(204 if "loki" in request.path else 200, b"" if "loki" in request.path else b"{}")

    def set_up(self, client: Client) -> None:
        sentry, otlp, loki, elasticsearch = (self.sinks[name].origin for name in ("sentry", "otlp", "loki", "elasticsearch"))
        values = {
            "sentry": {"dsn": sentry.replace("://", f"://{self.key}@") + "/7", "pages": "yes", "private": "yes", "traces": "0.2"},
            "otlp": {"url": otlp, "token": self.corpus.key("the collector's token")},
            "loki": {"url": loki, "user": "cherry", "password": self.corpus.key("Loki's password")},
            "elasticsearch": {"url": elasticsearch, "apiKey": self.corpus.key("Elasticsearch's key")},
            "fluent": {"servers": self.forward.address},
        }
        for kind, given in values.items():
            client.call("PATCH", f"/api/v1/telemetry/{kind}", {"values": given})

    def outputs(self) -> dict[str, bytes]:
        parts = {"forward": self.forward.unpacked}
        for name, sink in self.sinks.items():
            parts[name] = b"\n".join(
                # Like the fields in CREDENTIALS, the key is for whoever gave it.
                request.path.encode() + b"\n" + request.body.replace(f'"public_key":"{self.key}"'.encode(), b"") + b"\n"
                + "\n".join(f"{field}: {value}" for field, value in request.headers.items() if field not in CREDENTIALS).encode()
                for request in list(sink.received))
        return parts


@pytest.fixture
def corpus() -> Corpus:
    return Corpus()


@pytest.fixture
def destinations(corpus):
    with Destinations(corpus) as destinations:
        yield destinations


@pytest.fixture
def watched(make_server) -> Server:
    address = f"127.0.0.1:{free_port()}"
    return make_server(CHERRY_LOG_LEVEL="trace", CHERRY_LOG_FORMAT="json", CHERRY_METRICS_ADDRESS=address).start()


# The ways in


def operations(client: Client) -> list[tuple[str, str]]:
    paths = client.call("GET", "/openapi.json")["paths"]
    return [(method.upper(), path) for path, item in paths.items() for method in item if method in ("get", "post", "put", "patch", "delete")]


def headers_of(corpus: Corpus, use: str) -> dict[str, str]:
    return {"User-Agent": f"{corpus(use + ', agent')}/1.0", "Referer": f"https://{corpus(use + ', referrer')}.example/{corpus(use + ', page')}",
            "X-Request-ID": corpus(use + ", request"), "X-Forwarded-For": corpus(use + ", address"), "Accept-Language": corpus(use + ", language"),
            "traceparent": f"00-{corpus(use + ', trace')}-00f067aa0ba902b7-01", "tracestate": f"a={corpus(use + ', state')}",
            "baggage": f"{corpus(use + ', baggage')}={corpus(use + ', value')}", corpus(use + ", field"): corpus(use + ", content")}


def bad_requests_on_every_route(client: Client, corpus: Corpus) -> int:
    """Each operation with words in its path, query, headers and body: well-formed, malformed and of another type."""
    stranger = Client(client.origin)
    count = 0
    for method, template in operations(client):
        path = re.sub(r"\{\w+\}", lambda _: corpus("a path"), template)  # noqa: B023
        headers = headers_of(corpus, "a header")
        bodies: list[tuple[bytes, str]] = [(b"", "application/json")]
        if method != "GET":
            known = {name: corpus("a body") for name in ("title", "name", "content", "value", "key", "baseURL", "apiKey", "query", "id")}
            bodies = [(json.dumps(known).encode(), "application/json"),
                      (json.dumps({corpus("an unknown field"): corpus.email("an e-mail address")}).encode(), "application/json"),
                      (f'{{"title": "{corpus("malformed JSON")}"'.encode(), "application/json"),
                      (corpus("another type").encode(), f"text/{corpus('a media type')}")]
        who = [stranger] if template in ENDS_THE_TEST else [client, stranger]
        for (body, kind), each in itertools.product(bodies, who):
            suffix = f"?{corpus('a parameter')}={corpus('a query')}&q={corpus.email('a query e-mail')}"
            response = each.request(method, path + suffix, data=body, headers={**headers, "Content-Type": kind}, stream=True, timeout=30)
            response.close()
            assert response.status_code != 500, f"{method} {template}: {response.status_code}"
            count += 1
    for path in (f"/{corpus('no such page')}", f"/api/v1/{corpus('no such route')}", f"/assets/{corpus('no such file')}.js", f"/v1/{corpus('no such door')}"):
        for method in ("GET", "POST", "PROPFIND"):
            client.request(method, f"{path}?{corpus('a query')}", headers=headers_of(corpus, "a header")).close()
            count += 1
    for header in ("Host", "Origin", "Cookie"):
        client.request("POST", "/api/v1/conversations", json={}, headers={header: f"{corpus('a wrong ' + header)}.example"})
    return count


def echoing(corpus: Corpus, how: str):
    """A provider that says back what it was sent, its key included, in each way in which one fails."""

    def script(exchange: Exchange) -> None:
        said = f"{exchange.authorization} {json.dumps(exchange.body)} {corpus('a provider')}"
        error = {"error": {"message": said, "type": corpus("a type of error"), "code": corpus("a code"), "param": corpus("a parameter")}}
        if how.isdigit():
            exchange.begin(int(how), "application/json")
            exchange.write(json.dumps(error).encode())
        elif how == "html":
            exchange.begin(502, "text/html")
            exchange.write(f"<html>{said}</html>".encode())
        elif how == "an event":
            exchange.begin()
            exchange.delta(corpus("the beginning of a reply"))
            exchange.write(b"data: " + json.dumps(error).encode() + b"\n\n")
        elif how == "garbage":
            exchange.begin()
            exchange.write(f"data: {said}\n\n".encode() * 2)
        elif how == "an end":
            exchange.begin()
            exchange.delta(corpus("a reply that is cut off"))
        else:
            exchange.begin()
            exchange.delta(f"{corpus('a reply')} {said}")
            exchange.finish(2)

    return script


WAYS = ["well", "400", "401", "404", "429", "500", "html", "an event", "garbage", "an end"]


def turns(client: Client, corpus: Corpus, provider: ScriptedProvider) -> None:
    client.use(provider.base_url, key=corpus.key("a provider's key"))
    persona = client.call("POST", "/api/v1/personas", {"name": corpus("a persona"), "hue": "moss", "instructions": corpus("instructions")})["id"]
    for how in WAYS:
        provider.script = echoing(corpus, how)
        conversation = client.new_conversation(title=corpus("a title"), personaID=persona)
        words = f"{corpus('a prompt')} {corpus.email('an address in a prompt')} {corpus.file('a file in a prompt')} {corpus.key('a key in a prompt')}"
        client.ask(conversation, words)
        client.call("POST", "/api/v1/search", {"query": corpus("a search")})
    provider.script = echoing(corpus, "401")
    made = client.call("POST", "/api/v1/providers", {
        "name": "Failing", "kind": "openai", "baseURL": f"http://{corpus('a host')}.invalid/{corpus('a path')}", "apiKey": corpus.key("another key"),
        "defaultModel": "none", "contextLength": 8192}, expect=201)["id"]
    client.call("POST", f"/api/v1/providers/{made}/test", {}, expect=(200, 422, 424))
    client.call("DELETE", f"/api/v1/providers/{made}?version=1", expect=(200, 204, 409, 422))


def doors(client: Client, corpus: Corpus, provider: ScriptedProvider) -> None:
    token = client.make_token(corpus("a token's name"), "write")
    corpus.others["a token"] = token
    origin = client.origin
    models = ["Scripted/scripted", corpus("a model"), f"Scripted/{corpus('a model of a provider')}"]
    for how, model, path in itertools.product(["well", "400", "500", "an event"], models, ["chat/completions", "messages", "responses"]):
        provider.script = echoing(corpus, how)
        said = [{"role": "user", "content": corpus("a question at a door")}]
        body = {"model": model, "stream": how == "an event", "max_tokens": 10, **({"input": said} if path == "responses" else {"messages": said}),
                "user": corpus.email("a user at a door"), "metadata": {"user_id": corpus("an id at a door")}}
        requests.post(f"{origin}/v1/{path}", json=body, headers={"Authorization": f"Bearer {token}", **headers_of(corpus, "a header")}, timeout=60)
    body = {"model": models[0], "messages": [{"role": "user", "content": corpus("a question without a token")}]}
    secret = corpus.key("a token in a wrong place")
    for headers, query in [({}, f"?api_key={token}"), ({}, f"?key={secret}"), ({"Authorization": secret}, ""), ({"Authorization": f"Basic {secret}"}, ""),
                           ({"api-key": secret}, ""), ({"x-api-key": secret}, ""), ({"Cookie": f"token={token}"}, ""), ({"Authorization": f"Bearer {secret}"}, "")]:
        for path in ("/v1/chat/completions", "/v1/messages", "/mcp", f"/v1/{token}", f"/v1/models/{token}", f"/bridge/hub/{secret}"):
            requests.post(f"{origin}{path}{query}", json=body, headers=headers, timeout=30)
            requests.get(f"{origin}{path}{query}", headers=headers, timeout=30, stream=True).close()
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": corpus("a tool"), "arguments": {"query": corpus("an argument")}}}
    for message in (call, {**call, "method": corpus("a method")}, {**call, "params": corpus("parameters")}, {corpus("no message"): 1}):
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream", "MCP-Protocol-Version": corpus("a version")}
        for extra in (headers, headers | {"MCP-Protocol-Version": "2025-06-18"}):
            requests.post(f"{origin}/mcp", json=message, headers=extra, timeout=30)
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
               "Sec-WebSocket-Protocol": corpus("a protocol"), "Authorization": f"Bearer {secret}"}
    requests.get(f"{origin}/bridge/hub?token={token}", headers=upgrade, timeout=30)


def tool_servers(client: Client, corpus: Corpus, folder: pathlib.Path) -> None:
    script = folder / f"{corpus('a program')}.sh"
    script.write_text(f"#!/bin/sh\necho {corpus('standard error')} >&2\necho '{{{corpus('standard output')}'\nexit 3\n")
    script.chmod(0o755)
    places = [{"transport": "stdio", "command": str(script), "arguments": [corpus("an argument of a program")],
               "environment": {"SECRET": corpus.key("a variable")}},
              {"transport": "stdio", "command": corpus.file("a program that is not there"), "arguments": []},
              {"transport": "http", "url": f"http://127.0.0.1:{free_port()}/{corpus('an address')}", "credential": corpus.key("a credential")}]
    for place in places:
        made = client.request("POST", "/api/v1/servers", json={"name": corpus("a tool server"), **place})
        if made.status_code == 201:
            client.request("POST", f"/api/v1/servers/{made.json()['id']}/test", json={})


def imports(client: Client, corpus: Corpus) -> None:
    exported = client.request("POST", "/api/v1/export", json={"format": "json"})
    good = {"format": "cherry", "version": 1, "name": corpus.file("an imported file")}
    files = [json.dumps(good).encode(), b"\x00\xff" + corpus("a binary file").encode(), f'[{{"title": "{corpus("an imported title")}"'.encode(),
             json.dumps([{"title": corpus("a conversation"), "mapping": {corpus("a node"): {"message": corpus("a message")}}}]).encode(),
             json.dumps({"conversations": [{"name": corpus.file("a file"), "chat_messages": [corpus.email("an author")]}]}).encode(), exported.content[:-9]]
    for file in files:
        for kind in ("application/json", "multipart/form-data; boundary=x", "text/markdown"):
            name = corpus.file("the name of a file")
            client.request("POST", f"/api/v1/import?name={name}", data=file, headers={
                "Content-Type": kind, "Content-Disposition": f'form-data; name="file"; filename="{name}"', "X-File-Name": name})


def wrong_passphrases(client: Client, corpus: Corpus, server: Server) -> None:
    command = CommandLine(server)
    for use in ("a wrong passphrase", "another wrong passphrase"):
        wrong = f"{corpus(use)} walks over the hill"
        assert command.run("vault", "unlock", passphrase=wrong).returncode == 77
    stranger = Client(client.origin)
    stranger.request("POST", "/api/v1/unlock", json={"authKey": corpus("an authKey"), "unsealKey": corpus("an unsealKey")})
    stranger.request("POST", "/api/v1/unlock", json={"passphrase": corpus("a plain passphrase")})
    stranger.request("POST", "/api/v1/recover", json={"recoveryCode": corpus("a recovery code") * 2})
    client.request("POST", "/api/v1/passphrase", json={"old": corpus("an old passphrase"), "new": corpus("a new passphrase")})


def settings_of_telemetry(client: Client, corpus: Corpus) -> None:
    for kind in ("sentry", "otlp", "loki", "elasticsearch", "fluent", corpus("a kind")):
        for values in ({corpus("a setting"): "x"}, {"url": f"ftp://{corpus('a bad address')}"}, {"dsn": f"https://{corpus('a bad DSN')}"},
                       {"password": f"{corpus('a bad password')} \u00e4"}, {"servers": f"{corpus('a bad place')}:port"}):
            client.request("PATCH", f"/api/v1/telemetry/{kind}", json={"values": values})
    client.request("PATCH", "/api/v1/telemetry", json={"environment": f"{corpus('an environment')}!"})


def reports_of_pages(client: Client, corpus: Corpus) -> None:
    identity = make_id().replace("-", "")
    event = {
        "event_id": identity, "timestamp": 1, "platform": "javascript", "transaction": f"/{corpus('a page')}", "message": corpus("a message of a page"),
        "tags": {"code": corpus("a code of a page"), corpus("a tag"): corpus("a value")}, "user": {"email": corpus.email("a user of a page")},
        "request": {"url": f"https://{corpus('a URL of a page')}"}, "extra": {"text": corpus("more")},
        "exception": {"values": [{"type": "TypeError", "value": corpus("a value of an error"), "mechanism": {"type": "onerror"}, "stacktrace": {"frames": [
            {"filename": f"https://{corpus('a script')}.example/x.js", "function": f"{corpus('a function')} x", "vars": {"a": corpus("a variable")}}]}}]},
        "breadcrumbs": {"values": [{"category": "console", "message": corpus("the console")},
                                   {"category": "ui.click", "message": f"button {corpus('a button')} {corpus('its text')}"},
                                   {"category": "navigation", "data": {"from": f"/{corpus('a page before')}", "to": "/"}}]},
    }
    for payload in (event, {**event, "event_id": corpus("an event id")}):
        lines = [json.dumps({"event_id": identity, "dsn": corpus("a DSN of a page")}), json.dumps({"type": "event", "filename": corpus.file("an attachment")}),
                 json.dumps(payload)]
        client.request("POST", "/api/v1/reports", data="\n".join(lines).encode(), headers={"Content-Type": "application/x-sentry-envelope"})
    client.request("POST", "/api/v1/reports", data=corpus("no envelope").encode(), headers={"Content-Type": "application/x-sentry-envelope"})


# What is told


def follow_log(client: Client, stop: threading.Event, kept: bytearray) -> None:
    with client.session.get(f"{client.origin}/api/v1/logs/events", stream=True, timeout=60) as response:
        for piece in response.iter_content(chunk_size=None):
            kept += piece
            if stop.is_set():
                return


def outputs(server: Server, client: Client, destinations: Destinations) -> dict[str, bytes]:
    token = CommandLine(server).ok("metrics", "token").strip()
    found = destinations.outputs()
    for form in FORMS_OF_METRICS:
        answer = requests.get(f"http://{server.settings['CHERRY_METRICS_ADDRESS']}/metrics", headers={"Accept": form, "Authorization": f"Bearer {token}"}, timeout=20)
        assert answer.status_code == 200
        found[f"metrics as {form[:30]}"] = answer.content
    found["/api/v1/logs"] = client.request("GET", "/api/v1/logs?limit=1000&level=trace").content
    found["/api/v1/journal"] = b"".join(client.request("GET", f"/api/v1/journal{path}").content for path in ("", "/quarantine"))
    found["cherry doctor"] = CommandLine(server).run("doctor", passphrase=PASSPHRASE).stdout.encode()
    found["the server's output"] = server.log.read_bytes()
    for file in sorted((server.data / "journal").iterdir()) + [path for path in (server.data / "run").rglob("*") if path.is_file()]:
        found[str(file.relative_to(server.data))] = file.read_bytes()
    return found


# Each is told of the request for the personas, which has no words in it.
MUST_TELL = {"loki": b"/api/v1/personas", "elasticsearch": b"/api/v1/personas", "forward": b"/api/v1/personas", "otlp": b"/api/v1/personas",
             "sentry": b'"session"', "/api/v1/logs": b"http_route", "the server's output": b"/api/v1/personas", "metrics as text/plain": b"/api/v1/personas"}


@pytest.mark.timeout(180)
def test_nothing_that_was_written_and_no_secret_is_told(watched, destinations, corpus, tmp_path):
    client = Client(watched.origin)
    code = client.set_up()
    keys = client.login_keys()
    cookies = {cookie.name: cookie.value for cookie in client.session.cookies}
    corpus.others = {"the passphrase": PASSPHRASE, "the recovery code": code, "its letters": code.replace("-", ""), **keys, **cookies}
    destinations.set_up(client)
    stop, followed = threading.Event(), bytearray()
    follower = threading.Thread(target=follow_log, args=(client, stop, followed), daemon=True)
    follower.start()
    with ScriptedProvider() as provider:
        turns(client, corpus, provider)
        doors(client, corpus, provider)
    tool_servers(client, corpus, tmp_path)
    imports(client, corpus)
    reports_of_pages(client, corpus)
    settings_of_telemetry(client, corpus)
    count = bad_requests_on_every_route(client, corpus)
    wrong_passphrases(client, corpus, watched)
    for _ in destinations.HOSTILE:
        destinations.answered.clear()
        for kind in ("sentry", "otlp", "loki", "elasticsearch", "fluent"):
            client.request("POST", f"/api/v1/telemetry/{kind}/test", json={})
    destinations.is_hostile = False
    client.unlock()
    stop.set()
    client.call("GET", "/api/v1/personas")
    # What they refused for good is sent too.
    for kind in ("otlp", "loki", "elasticsearch"):
        client.request("POST", f"/api/v1/journal/quarantine/{kind}/retry", json={})
    # Whoever rests after what it answered is asked again later than that: MUST_TELL says what must have come.
    client.call("POST", "/api/v1/journal/drain", {"seconds": 10})
    told = outputs(watched, client, destinations)
    told["/api/v1/logs/events"] = bytes(followed)
    client.lock()
    watched.stop()
    told |= {f"{name}, at the end": data for name, data in destinations.outputs().items()}
    told["the server's output, at the end"] = watched.log.read_bytes()

    findings = corpus.findings(told)
    assert not findings, "told:\n" + "\n".join(findings[:40])
    for name, sign in MUST_TELL.items():
        assert sign in told[name], f"{name} tells next to nothing: {told[name][:300]!r}"
    assert b'"type":"transaction"' in told["sentry"], "there are no transactions to look into"
    print(f"{count} bad requests, {len(corpus.uses)} words, {sum(map(len, told.values())) / 1e6:.1f} MB in {len(told)} outputs: nothing found")
