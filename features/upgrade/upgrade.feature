@upgrade
Feature: An upgrade of Kafka, Kafka Connect and Debezium loses nothing
  As a data team
  I need to see every step of an upgrade under our load before I take it
  so that I know what our clients will notice, and up to which step there is a way back.

  The steps are those of Kafka's documentation: first the broker, then metadata.version, then Kafka
  Connect with Debezium. Every scenario starts in the version before the upgrade and takes the
  earlier steps first. The broker's data is copied before each start in another version.

  Scenario Outline: <step> loses no message and no database change
    Given a load, a consumer group and Debezium use a stack <how far it is upgraded>
    When <what happens> while test producer sends 4000 messages
    Then no message and no database change is lost
    And every message in the topic is exactly what test producer sent, in order
    And consumer keeps its position and skips no message
    And applying the events in order gives exactly the rows in PostgreSQL
    And Debezium continues from its last committed offset, without another snapshot
    And its version and the stall of clients are documented

    Examples:
      | step                                  | how far it is upgraded               | what happens                                                         |
      | Upgrade of the broker                 | in the version before                | the broker is restarted in the next version                          |
      | Finalising of metadata.version        | after the broker's upgrade           | metadata.version is finalised                                        |
      | Upgrade of Kafka Connect and Debezium | after metadata.version was finalised | the Connect worker and Debezium are restarted in their next versions |

  Scenario Outline: The way back <moment> loses no message and no database change
    The version before the upgrade is started on a copy of the data. If it refuses, which is a
    result, the next version is started again on the data itself.

    Given a load, a consumer group and Debezium use a stack <how far it is upgraded>
    When the broker is restarted in the version before while test producer sends 4000 messages
    Then no message and no database change is lost
    And every message in the topic is exactly what test producer sent, in order
    And consumer keeps its position and skips no message
    And applying the events in order gives exactly the rows in PostgreSQL
    And Debezium continues from its last committed offset, without another snapshot
    And whether there is a way back is documented

    Examples:
      | moment                               | how far it is upgraded               |
      | before metadata.version is finalised | after the broker's upgrade           |
      | after metadata.version is finalised  | after metadata.version was finalised |
