"""Resources of a broker, read from what its metrics endpoint answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from support.clients.broker_metrics import broker_metrics
from support.clients.jolokia import JolokiaClient
from support.clients.jolokia_metrics import LOG_SIZES, MEMORY, RUNTIME, SYSTEM
from support.clients.prometheus import log_bytes, samples
from support.errors import StackError

PAGE = """\
# HELP kafka_log_log_size Attribute exposed for management (kafka.log:name=Size,type=Log)
# TYPE kafka_log_log_size gauge
kafka_log_log_size{partition="0",topic="a, {b}",} 1000.0
kafka_log_log_size{partition="1",topic="a, {b}",} 2.5E3
kafka_log_log_value{name="LogEndOffset",partition="0",topic="a",} 77.0
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total 12.25
# TYPE process_start_time_seconds gauge
process_start_time_seconds 1.7000001E9
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 5.36870912E8
java_lang_OperatingSystem_AvailableProcessors 4.0
java_lang_Runtime_StartTime 1.7000001E12
jvm_info{version="21"} NaN
"""
"""Lines as jmx_exporter 0.20 writes them."""

BEANS: dict[str, dict[str, Any]] = {
    SYSTEM: {"ProcessCpuTime": 12_250_000_000, "AvailableProcessors": 4},
    RUNTIME: {"StartTime": 1_700_000_100_000},
    MEMORY: {
        "HeapMemoryUsage": {"committed": 300},
        "NonHeapMemoryUsage": {"committed": 50},
    },
    LOG_SIZES: {
        "kafka.log:name=Size,partition=0,topic=a,type=Log": {"Value": 1000},
        "kafka.log:name=Size,partition=1,topic=a,type=Log": {"Value": 2500},
    },
}


@contextmanager
def served(get: str, post: Callable[[Any], Any] | None = None, status: int = 200) -> Iterator[str]:
    """Serves `get` to every GET, and to a POST what `post` makes of its JSON; yields the URL."""

    class Handler(BaseHTTPRequestHandler):
        def _send(self, text: str) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def do_GET(self) -> None:
            self._send(get)

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._send(json.dumps(post(asked) if post else []))

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/metrics"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def agent(beans: dict[str, dict[str, Any]]) -> tuple[str, Callable[[Any], Any]]:
    """Jolokia's answers to a GET, and how it answers requests for MBeans."""

    def answer(asked: Any) -> Any:
        found = (beans.get(each["mbean"]) for each in asked)
        return [{"status": 200, "value": v} if v is not None else {"status": 404} for v in found]

    return json.dumps({"value": {"agent": "2.1.2"}, "status": 200}), answer


def test_the_page_of_jmx_exporter() -> None:
    with served(PAGE) as url:
        metrics = broker_metrics(url)
        seen = metrics.usage()
        assert metrics.jmx_url is None
        assert metrics.unmeasured() == {}
    assert (seen.cpu_s, seen.memory_bytes, seen.disk_bytes, seen.cores) == (12.25, 2**29, 3500, 4)
    assert seen.incarnation == "1700000100.0"


def test_what_an_exporter_leaves_out_is_named() -> None:
    page = "process_cpu_seconds_total 1.0\nprocess_resident_memory_bytes 5.0\n"
    with served(page) as url:
        assert set(broker_metrics(url).unmeasured()) == {"disk", "cores"}


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<html>Kafka UI</html>", "offers no metrics"),
        ('{"version": "3.6.1", "kafka_cluster_id": "x"}', "offers no metrics"),
        ("", "an empty page"),
        (
            'kafka_log_log_size{topic="a"} 1\nup 1',
            "no process_cpu_seconds_total and no process_resident_memory_bytes",
        ),
        (PAGE.replace("StartTime 1.7000001E12", "StartTime 1.6E12"), "runs outside the broker"),
    ],
)
def test_what_is_not_the_broker_s_endpoint_is_refused(page: str, message: str) -> None:
    with served(page) as url, pytest.raises(StackError, match=message):
        broker_metrics(url)


def test_no_answer_and_another_status_are_refused_without_the_password() -> None:
    with served(PAGE, status=401) as url, pytest.raises(StackError, match="HTTP 401") as refused:
        broker_metrics(url.replace("//", "//ops:S3cret@"))
    assert "S3cret" not in str(refused.value)
    with pytest.raises(StackError, match="can't be read at http://127") as gone:
        broker_metrics("http://ops:S3cret@127.0.0.1:9/metrics")
    assert "S3cret" not in str(gone.value)


def test_mbeans_over_jolokia() -> None:
    with served(*agent(BEANS)) as url:
        metrics = broker_metrics(url)
        seen = metrics.usage()
        assert metrics.jmx_url == f"{url}/"
    assert (seen.cpu_s, seen.memory_bytes, seen.disk_bytes, seen.cores) == (12.25, 350, 3500, 4)
    assert seen.incarnation == "1700000100000"
    assert "resident memory" in metrics.unmeasured()["memory"]


@pytest.mark.parametrize(
    ("missing", "message"),
    [(SYSTEM, "does not report the CPU time"), (LOG_SIZES, "is no Kafka broker")],
)
def test_the_jolokia_of_another_process_is_refused(missing: str, message: str) -> None:
    beans = {name: bean for name, bean in BEANS.items() if name != missing}
    with served(*agent(beans)) as url, pytest.raises(StackError, match=message):
        broker_metrics(url)


def test_lines_that_are_no_samples_are_left_out() -> None:
    assert [each.name for each in samples('# x 1\nA_b 1\nc{d="}"} 2 1700\nbad\ne x\n')] == [
        "a_b",
        "c",
    ]
    assert log_bytes("a 1\n") is None
    assert log_bytes('kafka_log_log_value{name="Size",topic="t"} 5\nkafka_log_size{t="u"} 6') == 11


@pytest.mark.parametrize("status", [200, 403])
def test_no_error_quotes_the_login_or_the_token_of_the_page(status: int) -> None:
    with served("nothing", status=status) as url, pytest.raises(StackError) as refused:
        broker_metrics(f"{url.replace('://', '://me:S3cret@')}?token=S3cret")
    assert "/metrics" in str(refused.value)
    assert "S3cret" not in str(refused.value)


def test_a_jolokia_that_is_gone_does_not_show_its_token() -> None:
    with pytest.raises(StackError, match="JMX does not answer") as refused:
        JolokiaClient("http://127.0.0.1:9/jolokia/?token=S3cret").read([SYSTEM])
    assert "S3cret" not in str(refused.value)
