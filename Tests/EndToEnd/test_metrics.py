"""The server's figures, as a real Prometheus reads them."""

import pathlib
import re
import stat

import pytest
import requests
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from harness import tools
from harness.canaries import word
from harness.client import Client
from harness.command import CommandLine
from harness.prometheus import Alertmanager, Listener, Preference, Prometheus, promtool, wait_for
from harness.scripted import ScriptedService, asking
from harness.server import Server, free_port

OPENMETRICS = "application/openmetrics-text; version=1.0.0"
PROTOBUF = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
RULES = tools.ROOT / "deploy/prometheus"
PROVIDER = "provider"
FAILING = {"faults": [{"do": "status", "status": 500}]}


class Measured:
    """A server with an address for its figures, and a token to read them."""

    def __init__(self, server: Server, address: str):
        self.server = server
        self.address = address
        self.url = f"http://{address}/metrics"
        self.token = CommandLine(server).ok("metrics", "token").strip()

    def scrape(self, accept: str = "text/plain", token: str | None = None, method: str = "GET") -> requests.Response:
        token = self.token if token is None else token
        headers = {"Accept": accept, "Authorization": f"Bearer {token}"}
        return requests.request(method, self.url, headers=headers, timeout=20)

    def samples(self) -> dict[str, float]:
        """The figures by name and labels, in the order of the labels' names."""
        answer = self.scrape(OPENMETRICS)
        assert answer.status_code == 200, answer.text
        return {
            sample.name + "{" + ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items())) + "}": sample.value
            for family in read_openmetrics(answer.text) for sample in family.samples
        }

    def sum(self, beginning: str) -> float:
        return sum(value for name, value in self.samples().items() if name.startswith(beginning))


@pytest.fixture
def measured(make_server) -> Measured:
    address = f"127.0.0.1:{free_port()}"
    return Measured(make_server(CHERRY_METRICS_ADDRESS=address).start(), address)


@pytest.fixture
def client(measured) -> Client:
    client = Client(measured.server.origin)
    client.set_up()
    return client


def door(origin: str, token: str, script: dict, model: str = f"{PROVIDER}/scripted", **fields) -> requests.Response:
    body = {"model": model, "messages": [{"role": "user", "content": asking(script)}], **fields}
    return requests.post(f"{origin}/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=60)


def add_provider(client: Client, service: ScriptedService) -> None:
    client.call("POST", "/api/v1/providers", {
        "name": PROVIDER, "kind": "openai", "baseURL": f"{service.origin}/v1", "apiKey": "sk-scripted",
        "defaultModel": "scripted", "contextLength": 128_000, "allowsPrivateAddresses": True}, expect=201)


def test_there_are_no_figures_unless_they_are_wanted(server):
    listening = pathlib.Path(f"/proc/{server.process.pid}/net/tcp").read_text()
    assert f":{9464:04X} " not in listening
    assert requests.get(f"{server.origin}/metrics", timeout=10).text.count("process_cpu") == 0


def test_only_the_token_opens_them_and_only_its_digest_is_kept(measured):
    for token in ("", "wrong", measured.token[:-1], measured.token + "x"):
        answer = measured.scrape(token=token)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), answer.text
    assert requests.get(measured.url, timeout=10).status_code == 401
    # The vault was never set up, let alone unlocked.
    assert measured.samples()["cherry_vault_state{state=uninitialized}"] == 1
    kept = measured.server.data / "metrics-token"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert measured.token not in kept.read_text()
    assert requests.get(f"http://{measured.address}/other", headers={"Authorization": f"Bearer {measured.token}"},
                        timeout=10).status_code == 404
    assert measured.scrape(method="POST").status_code == 405
    head = measured.scrape(method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    # Another token takes its place at once.
    new = CommandLine(measured.server).ok("metrics", "token").strip()
    assert measured.scrape().status_code == 401
    assert measured.scrape(token=new).status_code == 200
    kept.chmod(0o644)
    assert measured.scrape(token=new).status_code == 401, "a digest that others can read or replace counts for nothing"


def test_a_token_file_of_the_users_own(make_server, tmp_path):
    file = tmp_path / "token"
    file.write_text("a-token-of-my-own-0123456789\n")
    file.chmod(0o644)
    address = f"127.0.0.1:{free_port()}"
    server = make_server(CHERRY_METRICS_ADDRESS=address, CHERRY_METRICS_TOKEN_FILE=str(file))
    server.launch()
    assert server.wait() == 64 and "CHERRY_METRICS_TOKEN_FILE" in server.output()
    file.chmod(0o600)
    server.start()
    headers = {"Authorization": "Bearer a-token-of-my-own-0123456789"}
    assert requests.get(f"http://{address}/metrics", headers=headers, timeout=10).status_code == 200
    refused = CommandLine(server).run("metrics", "token")
    assert refused.returncode == 64 and "CHERRY_METRICS_TOKEN_FILE" in refused.stderr


def test_an_address_that_is_taken_is_named(make_server, measured):
    server = make_server("second", CHERRY_METRICS_ADDRESS=measured.address)
    server.launch()
    assert server.wait() == 69
    assert measured.address.split(":")[1] in server.output() and "CHERRY_METRICS_ADDRESS" in server.output()


def test_every_form_is_well_formed(measured, client):
    with ScriptedService() as service:
        add_provider(client, service)
        door(measured.server.origin, client.make_token("tool", "none"), {"text": ["Hello."]})
    text, openmetrics, protobuf = measured.scrape(), measured.scrape(OPENMETRICS), measured.scrape(PROTOBUF)
    assert text.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert openmetrics.headers["Content-Type"] == f"{OPENMETRICS}; charset=utf-8"
    assert protobuf.headers["Content-Type"] == PROTOBUF
    checked = promtool("check", "metrics", text=text.text)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    assert openmetrics.text.endswith("\n# EOF\n")
    families = list(read_openmetrics(openmetrics.text))
    assert len(families) > 20
    names = {sample.name for family in families for sample in family.samples}
    # This parser adds _created of its own to none; both forms have the same series.
    assert names == {sample.name for family in read_text(text.text) for sample in family.samples}
    assert measured.sum("cherry_metrics_rejected_instruments_total") == 0, "an instrument is not in the catalogue"


def test_what_happens_is_counted(measured, client):
    with ScriptedService() as service:
        add_provider(client, service)
        token = client.make_token("tool", "none")
        script = {"text": ["One ", "two ", "three."], "usage": {"prompt": 120, "completion": 45}}
        client.call("POST", "/api/v1/prices", {"pattern": "scripted", "rates": {"input": 10_000_000, "output": 20_000_000}},
                    expect=201)
        before = measured.samples()
        assert door(measured.server.origin, token, script).status_code == 200
        streamed = door(measured.server.origin, token, script, stream=True)
        assert "[DONE]" in streamed.text
        assert door(measured.server.origin, "wrong", script).status_code == 401
        assert door(measured.server.origin, token, FAILING).status_code == 503
        client.call("POST", "/api/v1/search", {"query": "anything"})
        client.call("GET", "/api/v1/changes")
        assert client.request("GET", "/api/v1/nothing").status_code == 404
        after = measured.samples()

    def grown(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    model = f"model=scripted,{{}}provider={PROVIDER}"
    assert grown("cherry_http_requests_total{method=POST,route=/v1/chat/completions,status=2xx}") == 2
    assert grown("cherry_http_requests_total{method=POST,route=/v1/chat/completions,status=5xx}") == 1
    assert grown("cherry_http_requests_total{method=POST,route=v1,status=4xx}") \
        + grown("cherry_http_requests_total{method=POST,route=/v1/chat/completions,status=4xx}") == 1
    assert grown("cherry_http_request_duration_seconds_count{method=POST,route=/v1/chat/completions}") >= 3
    assert grown("cherry_http_requests_total{method=POST,route=/api/v1/search,status=2xx}") == 1
    assert grown("cherry_http_requests_total{method=GET,route=unmatched,status=4xx}") == 1
    assert grown("cherry_model_exchanges_total{" + model.format("outcome=complete,") + "}") == 2
    assert grown("cherry_model_exchanges_total{" + model.format("outcome=overloaded,") + "}") == 1
    assert grown("cherry_model_retries_total{" + model.format("") + "}") == 2
    assert grown("cherry_model_first_token_seconds_count{" + model.format("") + "}") == 2
    assert grown("cherry_model_token_gap_seconds_count{" + model.format("") + "}") >= 1
    assert grown(f"cherry_model_tokens_total{{direction=input,model=scripted,provider={PROVIDER}}}") == 240
    assert grown(f"cherry_model_tokens_total{{direction=output,model=scripted,provider={PROVIDER}}}") == 90
    cost = "cherry_model_cost_dollars_total{direction=%s,model=scripted,provider=" + PROVIDER + "}"
    assert grown(cost % "input") == pytest.approx(240 * 10 / 1e6) and grown(cost % "output") == pytest.approx(90 * 20 / 1e6)
    assert grown("cherry_recall_duration_seconds_count{kind=messages}") == 1
    assert grown("cherry_store_operation_duration_seconds_count{operation=read}") >= 1
    assert grown("cherry_sync_lag_changes_count{}") == 1
    assert after["cherry_vault_state{state=unlocked}"] == 1
    assert after["process_resident_memory_bytes{}"] > 1e6
    assert after["process_open_fds{}"] <= after["process_max_fds{}"]
    assert measured.sum("cherry_metrics_rejected_instruments_total") == 0
    client.lock()
    assert measured.samples()["cherry_vault_state{state=sealed}"] == 1


def test_a_breaker_that_opens_is_seen(measured, client):
    with ScriptedService() as service:
        add_provider(client, service)
        token = client.make_token("tool", "none")
        for _ in range(6):
            assert door(measured.server.origin, token, FAILING).status_code == 503
    samples = measured.samples()
    assert samples[f"cherry_model_breaker_state{{model=scripted,provider={PROVIDER},state=open}}"] == 1
    assert samples[f"cherry_model_breaker_state{{model=scripted,provider={PROVIDER},state=closed}}"] == 0


def test_no_word_of_the_user_is_among_them(measured, client):
    words = {name: word() for name in ("message", "reply", "title", "query", "model", "path", "method", "header", "key", "token")}
    with ScriptedService() as service:
        client.call("POST", "/api/v1/providers", {
            "name": PROVIDER, "kind": "openai", "baseURL": f"{service.origin}/v1", "apiKey": words["key"],
            "defaultModel": "scripted", "contextLength": 128_000, "allowsPrivateAddresses": True}, expect=201)
        token = client.make_token(words["token"], "none")
        origin = measured.server.origin
        answer = door(origin, token, {"text": [words["reply"], words["message"]]})
        assert words["reply"] in answer.text
        for model in (f"{PROVIDER}/{words['model']}", words["model"], f"{words['model']}/scripted"):
            door(origin, token, {"text": [words["reply"]]}, model, user=words["header"])
        client.new_conversation(title=words["title"])
        client.call("POST", "/api/v1/search", {"query": words["query"]})
        client.request("GET", f"/api/v1/{words['path']}?q={words['query']}")
        client.request("GET", f"/api/v1/conversations/{words['path']}")
        client.request("GET", f"/{words['path']}")
        client.request(words["method"].upper(), "/api/v1/conversations", headers={"X-Note": words["header"]})
        requests.get(f"{origin}/v1/models/{words['model']}", headers={"Authorization": f"Bearer {words['key']}"}, timeout=10)
    samples = measured.samples()
    assert any("model=other" in name for name in samples), "the unknown model was not asked for"
    for accept in ("text/plain", OPENMETRICS, PROTOBUF):
        body = measured.scrape(accept).content.lower()
        found = [name for name, text in words.items() if text.encode() in body]
        assert not found, f"{found} in {accept}"
        assert client.session.cookies and not any(cookie.value.lower().encode() in body for cookie in client.session.cookies)
        assert measured.token.lower().encode() not in body and token.lower().encode() not in body


def scraping(measured: Measured, folder: pathlib.Path, targets: dict[str, str], **more: object) -> dict:
    file = folder / "scrape-token"
    file.write_text(measured.token)
    return {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "scrape_configs": [
            {"job_name": name, "authorization": {"credentials_file": str(file)}, "static_configs": [{"targets": [target]}]}
            for name, target in targets.items()
        ],
        **more,
    }


def test_prometheus_reads_both_texts_and_alerts_through_alertmanager(measured, client, tmp_path):
    rules = tmp_path / "rules.yml"
    rules.write_text("""groups: [{name: test, rules: [{alert: VaultIsOpen, expr: 'cherry_vault_state{state="unlocked"} == 1'}]}]""")
    with Listener() as listener, Alertmanager(tmp_path, listener.url) as alertmanager, \
            Preference(measured.url, "text/plain;version=0.0.4") as plain:
        config = scraping(
            measured, tmp_path, {"openmetrics": measured.address, "text": plain.address},
            rule_files=[str(rules), str(RULES / "rules/*.yml")],
            alerting={"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager.port}"]}]}]})
        with Prometheus(tmp_path, config) as prometheus:
            for job in ("openmetrics", "text"):
                wait_for(f"{job} is up", lambda: prometheus.value(f'up{{job="{job}"}}') == 1)
                wait_for(f"{job} has figures", lambda: prometheus.value(f'cherry_vault_state{{job="{job}",state="unlocked"}}') == 1)
            assert set(plain.types) == {"text/plain; version=0.0.4; charset=utf-8"}
            series = 'count({__name__=~"cherry_.+|process_.+",job="%s"})'
            # The plain one does not count what its own scrape added.
            assert abs(prometheus.value(series % "openmetrics") - prometheus.value(series % "text")) <= 5
            wait_for("Alertmanager has told of the alert", lambda: [
                alert for body in listener.bodies for alert in body["alerts"]
                if alert["labels"]["alertname"] == "VaultIsOpen" and alert["status"] == "firing"])
            metadata = prometheus.get("/api/v1/metadata?metric=cherry_store_operation_duration_seconds")
            assert metadata["cherry_store_operation_duration_seconds"][0]["type"] == "histogram"
            groups = prometheus.get("/api/v1/rules")["groups"]
            own = [rule for group in groups for rule in group["rules"] if "deploy/prometheus" in group["file"]]
            wait_for("every rule was evaluated", lambda: all(
                rule["health"] == "ok" for group in prometheus.get("/api/v1/rules")["groups"] for rule in group["rules"]))
            assert len(own) > 20


def test_prometheus_reads_native_histograms(measured, client, tmp_path):
    with Prometheus(tmp_path, scraping(measured, tmp_path, {"native": measured.address}), "native-histograms") as prometheus:
        wait_for("it is up", lambda: prometheus.value("up") == 1)
        client.call("GET", "/api/v1/changes")
        counted = 'histogram_count(cherry_store_operation_duration_seconds{operation="changes"})'
        wait_for("the read was seen", lambda: (prometheus.value(counted) or 0) >= 1)
        median = prometheus.value('histogram_quantile(0.5, cherry_store_operation_duration_seconds{operation="changes"})')
        assert 1e-6 < median < 10
        mean = 'histogram_sum(cherry_store_operation_duration_seconds{operation="changes"}) / ' + counted
        assert prometheus.value(mean) / 20 < median < prometheus.value(mean) * 20


def test_the_rules_do_what_they_say():
    for check in (
        ("check", "rules", *sorted((RULES / "rules").glob("*.yml"))),
        ("test", "rules", *sorted((RULES / "tests").glob("*.yml"))),
    ):
        result = promtool(*check)
        assert result.returncode == 0, result.stdout + result.stderr


def test_the_example_configuration_is_valid(tmp_path):
    text = (RULES / "prometheus.yml").read_text()
    (tmp_path / "token").write_text("x")
    (tmp_path / "prometheus.yml").write_text(re.sub(r"credentials_file: \S+", f"credentials_file: {tmp_path}/token", text))
    (tmp_path / "rules").symlink_to(RULES / "rules")
    result = promtool("check", "config", tmp_path / "prometheus.yml")
    assert result.returncode == 0, result.stdout + result.stderr
