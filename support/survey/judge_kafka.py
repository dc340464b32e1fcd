"""Judges what was seen of Kafka."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from support.stack.leftovers import OWNED
from support.survey.findings import KafkaFound, TopicAccess
from support.survey.lines import Line, counted, few, fine, note, unusable, warning

OF_TOPICS = ("CREATE", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS", "READ", "WRITE", "ALTER_CONFIGS")
OF_GROUPS = ("READ", "DESCRIBE", "DELETE")
OF_THEIRS = ("DESCRIBE", "DESCRIBE_CONFIGS", "READ")
ALL, ANYBODY = "ALL", "User:*"
SUPER_USERS, AUTHORIZER = "super.users", "authorizer.class.name"
ABSENT = "not known"


def judge_kafka(found: KafkaFound, cdc_topics: Collection[str]) -> Iterator[Line]:
    """Yields the lines about a cluster. `cdc_topics`: the topics whose events are judged."""
    version = f", version {found.version}" if found.version else ""
    yield fine(f"{counted(len(found.brokers), 'broker')}{version}, {found.security}")
    yield from _reachable(found)
    yield from _settings(found)
    yield from _creation(found)
    yield from _own(found)
    yield from _theirs(found, cdc_topics)
    yield note("clock of the brokers: a run measures it, with a record that it writes")


def _reachable(found: KafkaFound) -> Iterator[Line]:
    brokers = {str(each) for each in found.brokers}
    for place, why in found.unreachable.items():
        if place in brokers:
            yield unusable(
                f"{place} can't be reached from here: {why}",
                "an address in its advertised.listeners that this host can reach",
            )
        else:
            yield warning(f"bootstrap server {place} can't be reached from here: {why}")
    if found.absent:
        ids = ", ".join(map(str, found.absent))
        yield warning(f"brokers that have replicas are not in the cluster: {ids}", "start them")


def _settings(found: KafkaFound) -> Iterator[Line]:
    if found.settings_trouble:
        yield unusable(found.settings_trouble)
    else:
        yield fine("the settings of the brokers can be read")
    if found.internal_trouble:
        yield unusable(found.internal_trouble)


def _creation(found: KafkaFound) -> Iterator[Line]:
    refused = {name: why for name, why in found.creation.items() if why}
    for name, why in refused.items():
        begin = name.partition(OWNED)[0] + OWNED
        yield unusable(
            f"topics named {begin}-* can't be created: {why}",
            f"allow Create on topics with the prefix {begin}- (or on the cluster)",
        )
    if not refused:
        yield fine(f"topics named {OWNED}-* can be created (validated by Kafka, not created)")


def _own(found: KafkaFound) -> Iterator[Line]:
    topics, groups = found.own_topics, found.own_groups
    if topics is not None:
        yield _by_lists(topics, f"topics named {OWNED}-*", OF_TOPICS, found)
    if groups is None:
        return
    if groups.operations is None:
        yield _by_lists(groups, f"groups named {OWNED}-*", OF_GROUPS, found)
        return
    missing = [each for each in OF_GROUPS if each not in groups.operations]
    if missing:
        yield unusable(
            f"groups named {OWNED}-*: {_words(missing)} not permitted",
            f"allow {_words(OF_GROUPS)} on groups with the prefix {OWNED}-",
        )
    else:
        yield fine(f"groups named {OWNED}-*: {_words(OF_GROUPS)} permitted")


def _by_lists(access: TopicAccess, called: str, wanted: Collection[str], found: KafkaFound) -> Line:
    """Judges by the access control lists, since Kafka reports nothing about what does not exist."""
    lists = access.acls
    if found.settings.get(AUTHORIZER, ABSENT) == "" or (lists is not None and lists.absent):
        return fine(f"{called}: everything is permitted (the cluster has no access control)")
    unseen = f"{called}: whether {_words(wanted)} are permitted shows when a run begins"
    if lists is None or lists.trouble:
        return note(f"{unseen}; this client may not read the access control lists")
    if not found.principal:
        return note(f"{unseen}; the name of this client in the lists is not known here")
    own = {op for op, who in lists.allowed if who in (found.principal, ANYBODY)}
    denied = {op for op, who in lists.denied if who in (found.principal, ANYBODY)}
    missing = [each for each in wanted if ALL in denied or each in denied or not own & {each, ALL}]
    if not missing or _is_super_user(found):
        return fine(f"{called}: {_words(wanted)} permitted to {found.principal}")
    return warning(
        f"{called}: no access control list permits {_words(missing)} to {found.principal}",
        f"allow {_words(wanted)} with the prefix {OWNED}- to {found.principal}, unless it is a "
        "super user",
    )


def _is_super_user(found: KafkaFound) -> bool:
    return found.principal in (found.settings.get(SUPER_USERS) or "").split(";")


def _theirs(found: KafkaFound, cdc_topics: Collection[str]) -> Iterator[Line]:
    access = {each.name: each for each in found.their_topics}
    missing = sorted(each for each in cdc_topics if each not in found.topics)
    if missing:
        yield warning(
            f"CDC topics that do not exist, or that this client may not see: {few(missing)}",
            "-D connector.topic.prefix=PREFIX, if their names begin with something else; allow "
            "Describe and Read on them",
        )
    refused = []
    for name in sorted(set(cdc_topics) - set(missing)):
        seen = access.get(name)
        if seen is None or (seen.operations is None and not seen.trouble):
            continue
        lacking = [each for each in OF_THEIRS if each not in (seen.operations or ())]
        if lacking:
            refused.append(f"{name} ({seen.trouble or _words(lacking)})")
    if refused:
        yield warning(
            f"CDC topics of which this client lacks permissions: {few(refused)}",
            f"allow {_words(OF_THEIRS)} on them",
        )
    there = len(set(cdc_topics)) - len(missing) - len(refused)
    if there:
        yield fine(f"{counted(there, 'CDC topic')} can be read")


def _words(operations: Collection[str]) -> str:
    """Returns operations as Kafka's tools write them: DescribeConfigs."""
    return ", ".join(each.title().replace("_", "") for each in operations)
