@reporting
Feature: The reports say what was measured
  As a developer
  I need documented performance baselines and failure behaviors
  so that I can debug issues and optimize the pipeline in the future.

  These scenarios speak of the scenarios that ran before them in the same run.

  @US3.1 @FR-007 @SC-006
  Scenario: The performance report is complete
    Given performance tests are complete
    When developer reviews the performance report
    Then it shows throughput, latency percentiles and resource usage as they were recorded

  @US3.2 @FR-008 @SC-007
  Scenario: The failure test report is complete
    Given delivery guarantee tests are complete
    When developer reviews the failure test report
    Then it documents message loss, duplicates and recovery time of each failure as they were recorded

  @US3.3 @FR-012 @SC-006
  Scenario: The recommendations follow from the results
    Given all tests are complete
    When developer reviews the recommendations
    Then they name every broken promise, every remedy and the headroom of this run
