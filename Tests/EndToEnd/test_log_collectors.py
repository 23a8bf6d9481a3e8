"""What can be checked of the collectors' configurations without the collectors, of what fluent-logger sends, and what
fluentbit-server-py takes from a server."""
import functools
import re
import subprocess
import sys
import threading
from pathlib import Path

import msgpack
import pytest
from fluentbit_server.fluentbit_authentication import FluentbitAuthentication
from fluentbit_server.fluentbit_request_handler import FluentbitRequestHandler
from fluentbit_server.fluentbit_server import FluentbitServer
from fluentbit_server.fluentbit_transport import FluentbitTransport

from harness.prometheus import wait_for

ROOT = Path(__file__).resolve().parents[2]
FLUENTD = ROOT / "deploy/fluentd/fluent.conf"
FLUENT_BIT = ROOT / "deploy/fluent-bit/fluent-bit.conf"
FIXTURES = ROOT / "Tests/CherryObservabilityTests/Fixtures"


def fluentd_sections(text: str) -> list[tuple[list[str], dict[str, str]]]:
    """Each section with the names of those around it, and its own parameters. Refuses what does not nest."""
    found: list[tuple[list[str], dict[str, str]]] = []
    open_sections: list[tuple[str, dict[str, str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if match := re.fullmatch(r"</(\w+)>", line):
            name, parameters = open_sections.pop()
            assert name.split()[0] == match[1], f"line {number} closes {name}"
            found.append(([each for each, _ in open_sections] + [name], parameters))
        elif match := re.fullmatch(r"<([\w@]+(?: [^>]+)?)>", line):
            open_sections.append((match[1], {}))
        else:
            assert open_sections, f"line {number} is in no section"
            name, _, value = line.partition(" ")
            assert name not in open_sections[-1][1], f"line {number} says {name} again"
            open_sections[-1][1][name] = value.strip()
    assert not open_sections, f"{open_sections} is not closed"
    return found


def fluent_bit_sections(text: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.strip().startswith("#"):
            continue
        if match := re.fullmatch(r"\[(\w+)\]", line):
            found.append((match[1], {}))
        else:
            assert line.startswith("    "), f"line {number} is not indented"
            name, value = line.split(None, 1)
            assert name.lower() not in found[-1][1], f"line {number} says {name} again"
            found[-1][1][name.lower()] = value.strip()
    return found


def test_fluentd_keeps_every_chunk_on_disk_and_holds_the_source_up_when_full():
    sections = fluentd_sections(FLUENTD.read_text())
    stores = [(path, parameters) for path, parameters in sections if path == ["match cherry.**"]]
    assert [parameters["@type"] for _, parameters in stores] == ["elasticsearch", "loki"]
    buffers = [parameters for path, parameters in sections if path == ["match cherry.**", "buffer tag"]]
    assert len(buffers) == 2
    for buffer in buffers:
        assert buffer["@type"] == "file" and buffer["path"].startswith("/var/lib/")
        assert buffer["overflow_action"] == "block" and buffer["retry_forever"] == "true"
        assert buffer["flush_at_shutdown"] == "true" and buffer["total_limit_size"]
    assert len({parameters.get("path") for _, parameters in sections if "path" in parameters}) == sum("path" in parameters for _, parameters in sections)
    elasticsearch = stores[0][1]
    assert elasticsearch["write_operation"] == "create" and elasticsearch["id_key"] == "id"


def test_fluentd_speaks_tls_and_asks_for_the_key():
    sections = dict((tuple(path), parameters) for path, parameters in fluentd_sections(FLUENTD.read_text()) if path[0] == "source")
    assert sections[("source",)]["@type"] == "forward" and sections[("source",)]["port"] == "24224"
    assert ("source", "transport tls") in sections
    assert "FLUENT_SHARED_KEY" in sections[("source", "security")]["shared_key"]


def test_fluent_bit_keeps_every_chunk_on_disk():
    sections = fluent_bit_sections(FLUENT_BIT.read_text())
    service = next(parameters for name, parameters in sections if name == "SERVICE")
    assert service["storage.sync"] == "full" and service["storage.checksum"] == "on"
    source = next(parameters for name, parameters in sections if name == "INPUT")
    assert source["name"] == "forward" and source["storage.type"] == "filesystem"
    assert source["tls"] == "on" and source["shared_key"] == "${FLUENT_SHARED_KEY}"
    outputs = [parameters for name, parameters in sections if name == "OUTPUT"]
    assert [output["name"] for output in outputs] == ["es", "loki"]
    for output in outputs:
        assert output["retry_limit"] == "no_limits" and output["storage.total_limit_size"] and output["tls"] == "on"


@pytest.mark.parametrize("file", [FLUENTD, FLUENT_BIT], ids=["fluentd", "fluent-bit"])
def test_no_secret_stands_in_a_configuration(file: Path):
    for line in file.read_text().splitlines():
        if match := re.match(r"\s*(?:#\s*)?(shared_key|password|api_key|http_passwd)\s+(.+)", line, re.IGNORECASE):
            assert "ENV.fetch" in match[2] or re.fullmatch(r"\$\{\w+\}", match[2]), line


def test_loki_gets_the_same_few_labels_everywhere():
    labels = {"service", "level", "role", "environment", "instance"}
    text = FLUENTD.read_text()
    inside = re.search(r"<label>\n(.+?)</label>", text, re.DOTALL)
    assert inside and set(inside[1].split()) == labels
    output = next(parameters for name, parameters in fluent_bit_sections(FLUENT_BIT.read_text()) if parameters.get("name") == "loki")
    assert {key.lstrip("$") for key in output["label_keys"].split(",")} == labels


def test_the_unit_tests_compare_with_what_fluent_logger_sends():
    result = subprocess.run([sys.executable, FIXTURES / "make_fluent_logger.py"], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert result.stdout == (FIXTURES / "fluent-logger.json").read_text()


class Acknowledging(FluentbitTransport):
    """The library's own reading and parsing, and what it lacks: it never acknowledges a chunk."""

    def collect(self, request):
        self.request = request
        yield from super().collect(request)

    def process(self, message):
        super().process(message)
        self.request.sendall(msgpack.packb({"ack": message[2][b"chunk"].decode()}))


@pytest.mark.parametrize("key", [None, "a-shared-key-of-theirs"], ids=["open", "shared-key"])
def test_fluentbit_server_py_takes_what_the_server_sends(client, key):
    events = []
    transport = functools.partial(Acknowledging, callback=events.append, buffer_size=4 << 20)
    authentication = key and functools.partial(FluentbitAuthentication, shared_key=key, server_hostname="collector")
    service = FluentbitServer(("127.0.0.1", 0), FluentbitRequestHandler, transport, authentication)
    threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        values = {"servers": "tcp://127.0.0.1:%d" % service.server_address[1], "mode": "plain"} | ({"sharedKey": key} if key else {})
        client.call("PATCH", "/api/v1/telemetry/fluent", {"values": values})
        found = wait_for("the line of a request", lambda: client.call("GET", "/api/v1/personas") and [
            each for each in list(events) if each.record.get(b"http_route") == b"/api/v1/personas"])
        wait_for("its acknowledgement", lambda: client.call("GET", "/api/v1/telemetry")["destinations"][-1]["ledger"]["sent"])
    finally:
        service.server_close()
    event = found[0]
    assert event.tag == b"cherry.log"
    assert event.record[b"http_status"] == 200 and event.record[b"level"] == b"info" and event.record[b"service"] == b"cherry"
    assert re.fullmatch(rb"[0-9a-f]{32}", event.record[b"id"])
    ids = [each.record[b"id"] for each in events]
    assert len(set(ids)) == len(ids), "a line came twice"
