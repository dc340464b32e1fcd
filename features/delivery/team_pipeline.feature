@delivery @A-001
Feature: The team's pipeline is alive
  As a developer
  I need to see that the connectors run and that their replication slots keep up
  so that a stopped connector is found before it fills a disk or loses changes.

  On a stack that others run, these are all Debezium connectors that capture its database. On a
  stack that this suite runs, it is the connector of the Baseline Configuration.

  Scenario: Every connector runs, keeps up with its replication slot and sends the changes
    Given Kafka, PostgreSQL and Kafka Connect are running
    When developer watches the connectors, the replication slots and the captured tables
    Then every connector and every task of it is running
    And every connector reads its replication slot and confirms what it has stored
    And PostgreSQL keeps little write-ahead log for every connector
    And no abandoned replication slot fills the disk of PostgreSQL
    And every captured table that changes has new events
