@delivery @US2.2 @FR-005 @SC-004 @SC-007 @DELIV-2
Feature: A restarted consumer resumes from its last committed offset
  As a developer
  I need to verify that a consumer resumes from its last committed offset
  so that a deployment or a crash of the consumer leaves no gap.

  Scenario Outline: <restart> at message 500 of 1,000 leaves no gap
    Given Kafka is running with at-least-once config
    And 1000 messages are in the topic
    When <what happens> at message 500 of 1000
    Then consumer resumes from its last committed offset
    And consumer processes messages again within 5 seconds
    And consumer receives all 1000 messages
    And consumer receives every message in order and commits only what it has processed
    And at most the messages of one commit interval are delivered again

    @smoke
    Examples:
      | restart                | what happens                          |
      | Clean consumer restart | test consumer is closed and restarted |

    @static-member
    Examples: crash with static membership
      | restart                               | what happens                                                        |
      | Consumer crash with static membership | test consumer with static membership crashes (SIGKILL) and restarts |

  Scenario Outline: Consumer that reconnects after <failure> leaves no gap
    Offsets that the group has committed must survive the restart of the broker.

    Given Kafka is running with at-least-once config
    And 1000 messages are in the topic
    When test consumer is closed at message 500 of 1000, <what happens>, and consumer reconnects
    Then consumer resumes from its last committed offset
    And consumer receives all 1000 messages
    And no acknowledged message is lost
    And consumer receives every message in order and commits only what it has processed
    And at most the messages of one commit interval are delivered again

    Examples:
      | failure                   | what happens               |
      | a graceful broker restart | broker restarts gracefully |

    @slow
    Examples: broker crash
      | failure        | what happens                          |
      | a broker crash | broker crashes (SIGKILL) and restarts |

  @slow @dynamic-member
  Scenario: Consumer crash without static membership at message 500 of 1,000 leaves no gap
    Kafka waits for a crashed consumer until its session times out (session.timeout.ms, 45 seconds
    by default; 10 seconds here). With static membership there is no such wait. A recovery time above
    5 seconds is a deviation from the specification when the session timeout explains it, and a
    failure otherwise.

    Given Kafka is running with at-least-once config
    And 1000 messages are in the topic
    And session timeout of the consumer is 10 seconds
    When test consumer without static membership crashes (SIGKILL) and restarts at message 500 of 1000
    Then consumer resumes from its last committed offset
    And consumer processes messages again within 5 seconds, or the wait for its session timeout is a deviation
    And consumer receives all 1000 messages
    And consumer receives every message in order and commits only what it has processed
