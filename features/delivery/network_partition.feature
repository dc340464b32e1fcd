@delivery @US2.1 @FR-004 @SC-003 @SC-007 @DELIV-3
Feature: Nothing is lost when the network is partitioned
  As a developer
  I need to verify at-least-once delivery while clients can't reach the broker
  so that a network problem is a delay and not a loss.

  Scenario: The broker is paused in the middle of 1000 messages
    Given Kafka is running with at-least-once config
    And a test consumer is consuming messages
    When test producer sends 1000 messages and broker goes through a pause of 10 seconds at message 500
    Then consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And every message in the topic is intact, in order and from the producer
    And consumer keeps its place: it loses no message and skips none
    And duplicates, recovery time and stall are reported

  Scenario: The broker loses its network in the middle of 1000 messages
    Its container is taken off every network and put back: it runs on, and neither clients nor
    Kafka Connect reach it. Where it is no container, the cuts below show what clients see.

    Given Kafka is running with at-least-once config
    And a test consumer is consuming messages
    When test producer sends 1000 messages and broker goes through a loss of its network for 10 seconds at message 500
    Then consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And every message in the topic is intact, in order and from the producer
    And consumer keeps its place: it loses no message and skips none
    And duplicates, recovery time and stall are reported

  Scenario Outline: <cut> in the middle of 1000 messages
    What is sent in a direction that is cut vanishes; its connections are reset afterwards. When
    only the answers vanish, the broker has stored what the producer sends again.

    Given Kafka is reached over a network that can be cut, with at-least-once config
    And a test consumer is consuming messages
    When test producer sends 1000 messages and network goes through <cut> at message 500
    Then consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And every message in the topic is intact, in order and from the producer
    And consumer keeps its place: it loses no message and skips none
    And duplicates, recovery time and stall are reported

    Examples:
      | cut                                     |
      | a cut of both directions for 10 seconds |

    @slow
    Examples: one direction
      | cut                                   |
      | a cut of the responses for 10 seconds |
