@performance @FR-003 @US1.1
Feature: Kafka's own tools measure the same
  As a performance engineer
  I need a second instrument on the same broker
  so that I can trust the first.

  Our benchmark runs first, then Kafka's tool, then our benchmark again, with the same messages and
  settings. Both must report the same latency from sending to acknowledgement, and the same number
  of messages and bytes read. Kafka's tool has no warm-up, so it runs long enough for its start not
  to matter.

  @slow
  Scenario: kafka-producer-perf-test measures the same latency at 1,000 messages per second
    Given Kafka broker is running with CDC topics
    When our benchmark and kafka-producer-perf-test produce 1000 messages per second for 20 seconds
    Then both agree on the latency from sending to acknowledgement

  Scenario: kafka-consumer-perf-test counts the same 100,000 messages
    Given Kafka broker is running with CDC topics
    When our reader and kafka-consumer-perf-test read the same 100000 messages
    Then both count the same messages and bytes
