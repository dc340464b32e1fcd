"""The client of Kafka UI against answers recorded from kafbat v1.0.0, and provectus' shape.

The paths of logins and the redirects are those of the source of kafbat 1.0 to 1.5 and provectus.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest

from support.clients.kafka_address import KafkaAddress
from support.clients.kafka_ui import KafkaUi
from support.clients.kafka_ui_address import KafkaUiAddress
from support.errors import StackError
from tests.clients.http_server import Answer, Behaviour, Sent, serving

ONLINE = {"name": "kafka-validation", "status": "online", "brokerCount": 1, "version": "3.6-IV2"}
GROUP = {
    "groupId": "kafka-validation-1-reader",
    "members": 0,
    "topics": 1,
    "simple": False,
    "state": "EMPTY",
    "coordinator": {"id": 1, "host": "127.0.0.1", "port": 9092},
    "consumerLag": 1177,
    "partitions": [
        {"topic": "t", "partition": 0, "currentOffset": 10, "endOffset": 600, "consumerLag": 590},
        {"topic": "t", "partition": 1, "currentOffset": 13, "endOffset": 600, "consumerLag": 587},
        {"topic": "t", "partition": 2, "endOffset": 3, "consumerLag": None},
    ],
}
UNKNOWN: dict[str, Any] = {"groupId": "x", "state": "DEAD", "consumerLag": None, "partitions": []}
KAFKA = KafkaAddress("127.0.0.1:9092")
LAG = {("t", 0): 590, ("t", 1): 587, ("t", 2): None}


def paths(group: Mapping[str, Any], *clusters: Mapping[str, Any]) -> dict[str, Any]:
    name = "/api/clusters/kafka-validation/consumer-groups/g"
    return {"/api/clusters": list(clusters), name: group}


def showing(answers: Mapping[str, Any]) -> Behaviour:
    """A Kafka UI without a login."""
    return lambda sent: Answer(200 if sent.path in answers else 404, answers.get(sent.path, {}))


def behind_a_form(login: str, prefix: str = "") -> Behaviour:
    """A Kafka UI whose form is at this path, for the user ops with the password `pa ss`."""

    def behave(sent: Sent) -> Answer:
        path = sent.path.removeprefix(prefix)
        if sent.method == "POST" and path == login:
            right = sent.body == "username=ops&password=pa+ss"
            if not right:
                return Answer(302, "", {"Location": f"{prefix}{login}?error"})
            cookie = {"Set-Cookie": "SESSION=abc; Path=/"}
            return Answer(302, "", {"Location": f"{prefix}/", **cookie})
        if "SESSION=abc" not in sent.headers.get("Cookie", ""):
            return Answer(302, "", {"Location": prefix + login})
        return showing(paths(GROUP, ONLINE))(Sent(sent.method, path, sent.headers, sent.body))

    return behave


def ui(url: str, user: str = "", password: str = "") -> KafkaUi:
    return KafkaUi(KafkaUiAddress(url, user, password))


def test_the_lag_of_a_group_partition_by_partition() -> None:
    with serving(showing(paths(GROUP, ONLINE))) as url:
        assert ui(f"{url}/").clusters() == ("kafka-validation",)
        assert ui(url).group_lag(KAFKA, "g") == LAG


def test_the_older_name_of_the_lag() -> None:
    old = {"partitions": [{"topic": "t", "partition": 0, "messagesBehind": 7}]}
    with serving(showing(paths(old, ONLINE))) as url:
        assert ui(url).group_lag(KAFKA, "g") == {("t", 0): 7}


def test_two_topics_with_the_same_partitions_are_kept_apart() -> None:
    two = {
        "partitions": [
            {"topic": "t", "partition": 0, "consumerLag": 1},
            {"topic": "other", "partition": 0, "consumerLag": 2},
        ]
    }
    with serving(showing(paths(two, ONLINE))) as url:
        assert ui(url).group_lag(KAFKA, "g") == {("t", 0): 1, ("other", 0): 2}


def test_names_are_encoded_in_the_path() -> None:
    answers = {
        "/api/clusters": [{**ONLINE, "name": "our cluster/1"}],
        "/api/clusters/our%20cluster%2F1/consumer-groups/g%3F": GROUP,
    }
    with serving(showing(answers)) as url:
        assert ui(url).group_lag(KAFKA, "g?") == LAG


@pytest.mark.parametrize("login", ["/login", "/auth"])
@pytest.mark.parametrize("prefix", ["", "/tools/ui"])
def test_its_form_is_filled_in(login: str, prefix: str) -> None:
    with serving(behind_a_form(login, prefix)) as url:
        assert ui(url + prefix, "ops", "pa ss").group_lag(KAFKA, "g") == LAG


def test_a_session_that_ended_is_begun_again() -> None:
    behave, requests = behind_a_form("/login"), []

    def forgetful(sent: Sent) -> Answer:
        requests.append(sent)
        ended = len(requests) == 4
        return behave(Sent(sent.method, sent.path, {}, sent.body) if ended else sent)

    with serving(forgetful) as url:
        opened = ui(url, "ops", "pa ss")
        assert opened.clusters() == ("kafka-validation",)
        assert opened.clusters() == ("kafka-validation",)
    assert [sent.method for sent in requests] == ["GET", "POST", "GET", "GET", "POST", "GET"]


def test_basic_authentication_of_a_proxy() -> None:
    wanted = f"Basic {b64encode(b'ops:pa ss').decode()}"

    def behave(sent: Sent) -> Answer:
        known = sent.headers.get("Authorization") == wanted
        return showing(paths(GROUP, ONLINE))(sent) if known else Answer(401, "")

    with serving(behave) as url:
        assert ui(url, "ops", "pa ss").group_lag(KAFKA, "g") == LAG
        with pytest.raises(StackError, match="did not accept the user ops"):
            ui(url, "ops", "S3cretPw").clusters()


def test_a_wrong_password_of_its_form_is_reported_without_it() -> None:
    with serving(behind_a_form("/login")) as url, pytest.raises(StackError) as error:
        ui(url, "ops", "S3cretPw").clusters()
    assert "did not accept the user ops with this password" in str(error.value)
    assert "KAFKA_VALIDATION_KAFKA_UI_USER" in str(error.value)
    assert "S3cretPw" not in str(error.value)


def test_a_login_that_is_missing_is_asked_for() -> None:
    with serving(behind_a_form("/login")) as url, pytest.raises(StackError, match="asks for a log"):
        ui(url).clusters()


def test_single_sign_on_is_named() -> None:
    elsewhere = Answer(302, "", {"Location": "https://sso.example/authorize?state=S3cretPw"})
    with serving(lambda _: elsewhere) as url, pytest.raises(StackError) as error:
        ui(url, "ops", "pa ss").clusters()
    assert "single sign-on" in str(error.value)
    assert "S3cretPw" not in str(error.value)


@pytest.mark.parametrize(
    ("behave", "message"),
    [
        (showing(paths(UNKNOWN, ONLINE)), "knows no group g"),
        (showing(paths(UNKNOWN, ONLINE)), "up to 30 s ago"),
        (showing(paths(GROUP, {**ONLINE, "status": "offline"})), "clusters online: none"),
        (showing({}), "refused GET /api/clusters"),
        (lambda _: Answer(200, "<html>"), "There is no Kafka UI"),
    ],
)
def test_what_does_not_help_is_explained(behave: Behaviour, message: str) -> None:
    with serving(behave) as url, pytest.raises(StackError, match=message):
        ui(url).group_lag(KAFKA, "g")


def test_an_address_without_a_server() -> None:
    with pytest.raises(StackError, match=r"Kafka UI at http.* does not answer"):
        ui("http://127.0.0.1:9").clusters()
