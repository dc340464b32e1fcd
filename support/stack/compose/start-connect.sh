#!/bin/bash
# Runs in Connect's container. Starts the worker of the Baseline Configuration with the container's
# addresses.
set -e
{
  cat /validation/baseline/connect-worker.properties
  echo
  echo "bootstrap.servers=${BOOTSTRAP:-kafka:29092}"
  echo "listeners=http://0.0.0.0:8083"
  echo "rest.advertised.host.name=$(hostname)"
  echo "rest.advertised.port=8083"
  echo "plugin.path=/kafka/connect"
} > /tmp/worker.properties
# The published image keeps Kafka's own configuration there until its entrypoint, which this
# replaces, has copied it.
if [ -f /kafka/config.orig/connect-log4j.properties ]; then
  export KAFKA_LOG4J_OPTS=-Dlog4j.configuration=file:/kafka/config.orig/connect-log4j.properties
elif [ -f /kafka/config.orig/connect-log4j2.yaml ]; then
  # Images with Kafka 4 have log4j 2.
  export KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=/kafka/config.orig/connect-log4j2.yaml
fi
exec /kafka/bin/connect-distributed.sh /tmp/worker.properties
