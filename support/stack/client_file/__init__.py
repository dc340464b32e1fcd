"""The file with a team's Kafka client settings: read, translated to librdkafka's names, checked."""
