"""`make bench`: what our instruments cost and how good they are, against Kafka's own tools."""
