"""The brokers' part of the picture: topics, groups, access control lists, users, settings."""

from __future__ import annotations

from collections.abc import Iterator

from confluent_kafka import ConsumerGroupTopicPartitions
from confluent_kafka.admin import (
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ConfigResource,
    ResourcePatternType,
    ResourceType,
)

PATIENCE_S = 20

ANY_ACL = AclBindingFilter(
    ResourceType.ANY,
    None,
    ResourcePatternType.ANY,
    None,
    None,
    AclOperation.ANY,
    AclPermissionType.ANY,
)


def kafka_lines(admin: AdminClient) -> list[str]:
    """The lines about the brokers."""
    return [
        *_topics(admin),
        *_settings(admin),
        *_groups(admin),
        *_access(admin),
        *_users(admin),
    ]


def _topics(admin: AdminClient) -> Iterator[str]:
    """Partitions and replicas of each topic. Its id shows that it was not created again."""
    from confluent_kafka import TopicCollection

    names = sorted(admin.list_topics(timeout=PATIENCE_S).topics)
    for name, described in admin.describe_topics(TopicCollection(names)).items():
        topic = described.result(PATIENCE_S)
        replicas = {p.id: sorted(r.id for r in p.replicas) for p in topic.partitions}
        yield f"topic {name}: id {topic.topic_id}, replicas {replicas}"


def _settings(admin: AdminClient) -> Iterator[str]:
    """Every setting of every topic and broker."""
    metadata = admin.list_topics(timeout=PATIENCE_S)
    resources = [ConfigResource(ResourceType.TOPIC, name) for name in metadata.topics]
    resources += [ConfigResource(ResourceType.BROKER, str(node)) for node in metadata.brokers]
    for resource in resources:
        # A request may be about one broker only.
        (described,) = admin.describe_configs([resource]).values()
        for entry in described.result(PATIENCE_S).values():
            place = f"{resource.restype.name} {resource.name}"
            yield f"setting of {place}: {entry.name}={entry.value} by {entry.source}"


def _groups(admin: AdminClient) -> Iterator[str]:
    """The groups with their offsets."""
    listed = admin.list_consumer_groups().result(PATIENCE_S)
    for group in listed.valid:
        yield f"group {group.group_id}: {group.state.name}"
        wanted = [ConsumerGroupTopicPartitions(group.group_id)]
        for found in admin.list_consumer_group_offsets(wanted).values():
            for each in found.result(PATIENCE_S).topic_partitions:
                yield f"offset of {group.group_id}: {each.topic} {each.partition} {each.offset}"


def _access(admin: AdminClient) -> Iterator[str]:
    for each in admin.describe_acls(ANY_ACL).result(PATIENCE_S):
        yield f"access: {each}"


def _users(admin: AdminClient) -> Iterator[str]:
    described = admin.describe_user_scram_credentials().result(PATIENCE_S)
    for name, user in described.items():
        yield f"user {name}: {[info.mechanism for info in user.scram_credential_infos]}"
