#!/bin/bash
# Kafka Connect as it comes: JSON with schemas, offsets flushed once a minute.
set -e
cat > /tmp/capture.properties <<EOF
bootstrap.servers=alpha:19192,beta:19192,gamma:19192
group.id=shop-capture
config.storage.topic=shop-capture-configs
offset.storage.topic=shop-capture-offsets
status.storage.topic=shop-capture-status
key.converter=org.apache.kafka.connect.json.JsonConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
listeners=http://0.0.0.0:8083
plugin.path=/kafka/connect
EOF
if [ -f /kafka/config.orig/connect-log4j.properties ]; then
  export KAFKA_LOG4J_OPTS=-Dlog4j.configuration=file:/kafka/config.orig/connect-log4j.properties
fi
exec /kafka/bin/connect-distributed.sh /tmp/capture.properties
