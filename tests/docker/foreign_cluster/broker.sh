#!/bin/bash
set -e
cat > /tmp/node.properties <<EOF
process.roles=broker,controller
node.id=$ID
controller.quorum.voters=1@alpha:19193,2@beta:19193,3@gamma:19193
controller.listener.names=QUORUM
listeners=INTERNAL://0.0.0.0:19192,QUORUM://0.0.0.0:19193,OUTSIDE://0.0.0.0:$PORT
advertised.listeners=INTERNAL://$NAME:19192,OUTSIDE://127.0.0.1:$PORT
listener.security.protocol.map=INTERNAL:PLAINTEXT,QUORUM:PLAINTEXT,OUTSIDE:PLAINTEXT
inter.broker.listener.name=INTERNAL
log.dirs=/tmp/node
num.partitions=2
default.replication.factor=3
min.insync.replicas=2
offsets.topic.replication.factor=3
auto.create.topics.enable=false
EOF
kafka-storage format --ignore-formatted -t AAAAAAAAAAAAAAAAAAAAAA -c /tmp/node.properties
export KAFKA_HEAP_OPTS=-Xmx384m
exec kafka-server-start /tmp/node.properties
