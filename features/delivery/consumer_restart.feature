@delivery @US2.2 @FR-005 @SC-004 @SC-007 @DELIV-2
Feature: A restarted consumer goes on where it was
  As a developer
  I need to verify that a consumer resumes from its last committed offset
  so that a deployment or a crash of the consumer leaves no gap.

  Scenario Outline: <restart> at message 500 of 1000
    Given Kafka is running with at-least-once config
    And 1000 messages are in the topic
    When test consumer goes through <restart> at message 500 of 1000
    Then consumer resumes from its last committed offset
    And consumer processes messages again within 5 seconds
    And consumer receives all 1000 messages
    And the consumer is given every message in order and commits only what it processed
    And messages delivered again are no more than a commit interval can hold

    Examples:
      | restart                   |
      | a clean close and restart |

    @static-member
    Examples: crash of a static member
      | restart                                          |
      | a crash (SIGKILL) and restart as a static member |

  Scenario Outline: A consumer reconnects after <restart> of the broker
    What the group had committed must outlive the broker's restart.

    Given Kafka is running with at-least-once config
    And 1000 messages are in the topic
    When test consumer is closed at message 500 of 1000 and reconnects after broker went through <restart>
    Then consumer resumes from its last committed offset
    And consumer receives all 1000 messages
    And no acknowledged message is lost
    And the consumer is given every message in order and commits only what it processed
    And messages delivered again are no more than a commit interval can hold

    Examples:
      | restart            |
      | a graceful restart |

    @slow
    Examples: without notice
      | restart                       |
      | a crash (SIGKILL) and restart |

  @slow @dynamic-member
  Scenario: Crash of a consumer without static membership
    Kafka waits for a crashed consumer until its session times out (session.timeout.ms, 45 seconds
    by default; 10 here). A static member does not wait. A recovery above 5 seconds is a deviation
    from the specification when that session explains it, and a failure otherwise.

    Given Kafka is running with at-least-once config
    And 1000 messages are in the topic
    And a session of a consumer lasts 10 seconds
    When test consumer goes through a crash (SIGKILL) and restart as a dynamic member at message 500 of 1000
    Then consumer resumes from its last committed offset
    And consumer processes messages again within 5 seconds, or the wait for its old session is a deviation
    And consumer receives all 1000 messages
    And the consumer is given every message in order and commits only what it processed
