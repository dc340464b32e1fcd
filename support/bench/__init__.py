"""`make bench`: cost and precision of our instruments, compared with Kafka's own tools."""
