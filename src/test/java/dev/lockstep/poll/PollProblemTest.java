package dev.lockstep.poll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PollProblemTest {

  @Test
  void isOneLineOfLimitedLength() {
    assertThat(new PollProblem(" 400.\r\n\tBad \u0000 query\n").text()).isEqualTo("400. Bad query");
    assertThat(new PollProblem("x".repeat(500)).text()).hasSize(500);
    assertThat(new PollProblem("x".repeat(501)).text()).hasSize(503).endsWith("x...");
  }

  @Test
  void isSimilarToOneThatDiffersOnlyInALaterId() {
    String start = "400. Check the query that connector.yaml declares. Answer: request ";
    PollProblem problem = new PollProblem(start + "1");

    assertThat(problem.isSimilar(start + "2")).isTrue();
    assertThat(problem.isSimilar("401. Check the credentials")).isFalse();
    assertThat(problem.isSimilar(null)).isFalse();
  }
}
