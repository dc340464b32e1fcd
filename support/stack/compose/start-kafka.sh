#!/bin/bash
# Runs in the broker's container: the Baseline Configuration with addresses of its own, formatted
# once, then Kafka as the container's first process, so that it gets the container's signals.
set -e
{
  cat /validation/baseline/broker.properties
  echo
  echo "process.roles=broker,controller"
  echo "node.id=1"
  echo "controller.quorum.voters=1@127.0.0.1:29093"
  echo "controller.listener.names=CONTROLLER"
  echo "inter.broker.listener.name=INSIDE"
  echo "listeners=INSIDE://0.0.0.0:29092,HOST://0.0.0.0:$HOST_PORT,RELAYED://0.0.0.0:$RELAYED_PORT,CONTROLLER://127.0.0.1:29093"
  echo "advertised.listeners=INSIDE://${INSIDE_NAME:-kafka}:29092,HOST://127.0.0.1:$HOST_PORT,RELAYED://127.0.0.1:$RELAY_PORT"
  echo "listener.security.protocol.map=INSIDE:PLAINTEXT,HOST:PLAINTEXT,RELAYED:PLAINTEXT,CONTROLLER:PLAINTEXT"
  echo "log.dirs=/var/lib/kafka/data"
} > /tmp/server.properties
kafka-storage format --ignore-formatted -t kafka-validation-stack -c /tmp/server.properties
# Only of the broker itself: an agent listens, and tools in this container must not.
export KAFKA_OPTS="$KAFKA_OPTS $BROKER_AGENT"
exec kafka-server-start /tmp/server.properties
