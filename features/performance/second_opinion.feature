@performance @FR-003 @US1.1
Feature: Kafka's own tool says the same
  As a performance engineer
  I need a second instrument on the same broker
  so that I can trust the first.

  Both send the same payloads with the same settings at the same rate, one after the other: ours,
  kafka-producer-perf-test, ours again. Compared is what both measure, sent to acknowledged. Their
  tool has no warm-up, so that it runs long enough for its start not to count.

  Scenario: kafka-producer-perf-test at 1000 messages per second for 30 seconds
    Given Kafka broker is running with CDC topics
    When our benchmark and kafka-producer-perf-test produce 1000 messages per second for 30 seconds
    Then both agree on the latency from sending to acknowledgement
