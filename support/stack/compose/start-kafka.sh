#!/bin/bash
# Runs in the broker's container. Adds the container's addresses to the Baseline Configuration,
# formats the data folder once, and runs Kafka as the first process, which gets the signals.
#
# PROCESS_ROLES, NODE_ID and VOTERS are set where broker and controller are separate containers.
set -e
ROLES=${PROCESS_ROLES:-broker,controller}
CLIENTS="INSIDE://0.0.0.0:29092,HOST://0.0.0.0:$HOST_PORT,RELAYED://0.0.0.0:$RELAYED_PORT"
CONTROL="CONTROLLER://0.0.0.0:29093"
case $ROLES in
  broker) LISTENERS=$CLIENTS ;;
  controller) LISTENERS=$CONTROL ;;
  *) LISTENERS=$CLIENTS,$CONTROL ;;
esac
{
  cat /validation/baseline/broker.properties
  echo
  echo "process.roles=$ROLES"
  echo "node.id=${NODE_ID:-1}"
  echo "controller.quorum.voters=${VOTERS:-1@127.0.0.1:29093}"
  echo "controller.listener.names=CONTROLLER"
  echo "listeners=$LISTENERS"
  if [ "$ROLES" != controller ]; then
    echo "inter.broker.listener.name=INSIDE"
    echo "advertised.listeners=INSIDE://${INSIDE_NAME:-kafka}:29092,HOST://127.0.0.1:$HOST_PORT,RELAYED://127.0.0.1:$RELAY_PORT"
  fi
  echo "listener.security.protocol.map=INSIDE:PLAINTEXT,HOST:PLAINTEXT,RELAYED:PLAINTEXT,CONTROLLER:PLAINTEXT"
  echo "log.dirs=/var/lib/kafka/data"
} > /tmp/server.properties
kafka-storage format --ignore-formatted -t kafka-validation-stack -c /tmp/server.properties
# Only of the broker itself: an agent listens, and tools in this container must not.
export KAFKA_OPTS="$KAFKA_OPTS $BROKER_AGENT"
exec kafka-server-start /tmp/server.properties
