@delivery @US2.1 @FR-004 @SC-003 @SC-007 @DELIV-3
Feature: No message is lost when the network is partitioned
  As a developer
  I need to verify at-least-once delivery while clients can't reach the broker
  so that a network problem is a delay and not a loss.

  Scenario: Broker pause during production of 1,000 messages loses nothing
    Given Kafka is running with at-least-once config
    And a test consumer is consuming messages
    When test producer sends 1000 messages and broker is paused for 10 seconds at message 500
    Then consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And every message in the topic is exactly what test producer sent, in order
    And consumer keeps its position and skips no message
    And duplicate rate, recovery time and longest stall are documented

  Scenario: Disconnection of the broker during production of 1,000 messages loses nothing
    The broker's container is disconnected from all its networks and keeps running; neither clients
    nor Kafka Connect can reach it. Needs a broker in a container.

    Given Kafka is running with at-least-once config
    And a test consumer is consuming messages
    When test producer sends 1000 messages and broker is disconnected from its networks for 10 seconds at message 500
    Then consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And every message in the topic is exactly what test producer sent, in order
    And consumer keeps its position and skips no message
    And duplicate rate, recovery time and longest stall are documented

  Scenario Outline: <cut> during production of 1,000 messages loses nothing
    Messages in the direction that is cut are dropped; the connections are reset afterwards. When
    only responses are dropped, the producer sends again what the broker has already stored.

    Given Kafka is running with at-least-once config, and clients connect through a network that can be cut
    And a test consumer is consuming messages
    When test producer sends 1000 messages and <what happens> at message 500
    Then consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And every message in the topic is exactly what test producer sent, in order
    And consumer keeps its position and skips no message
    And duplicate rate, recovery time and longest stall are documented

    Examples:
      | cut                            | what happens                                     |
      | Network cut in both directions | network is cut in both directions for 10 seconds |

    @slow
    Examples: one direction
      | cut                            | what happens                               |
      | Network cut for responses only | network drops all responses for 10 seconds |

  @slow
  Scenario: Network latency of 50 ms during production of 1,000 messages loses nothing
    Every connection of producer and consumer is slow in both directions, with a jitter of 10 ms.

    Given Kafka is running with at-least-once config, and clients connect through a network that can be cut
    And a test consumer is consuming messages
    When test producer sends 1000 messages and network latency is 50 ms +/- 10 ms for 10 seconds at message 500
    Then consumer receives all 1000 messages
    And no acknowledged message is lost
    And every message in the topic is exactly what test producer sent, in order
    And consumer receives every message in order and commits only what it has processed
