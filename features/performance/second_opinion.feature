@performance @FR-003 @US1.1
Feature: Kafka's own tool says the same
  As a performance engineer
  I need a second instrument on the same broker
  so that I can trust the first.

  Ours, theirs, ours again, with the same payloads and settings on the same broker. Compared is
  what both measure: sent to acknowledged when writing, records and bytes when reading. Their tool
  has no warm-up, so that it runs long enough for its start not to count.

  @slow
  Scenario: kafka-producer-perf-test at 1000 messages per second for 20 seconds
    Given Kafka broker is running with CDC topics
    When our benchmark and kafka-producer-perf-test produce 1000 messages per second for 20 seconds
    Then both agree on the latency from sending to acknowledgement

  Scenario: kafka-consumer-perf-test reads 100000 messages
    Given Kafka broker is running with CDC topics
    When our reader and kafka-consumer-perf-test read the same 100000 messages
    Then both count the same messages and bytes
