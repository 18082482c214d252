package dev.lockstep.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EmbeddingAxisTest {
  @ParameterizedTest
  @ValueSource(strings = {"fault", "outage", "alert"})
  void theNumbersAreThoseOfTheSentences(String name) {
    float[] computed = mean(name, "+ ");
    float[] others = mean(name, "- ");
    for (int i = 0; i < computed.length; i++) {
      computed[i] -= others[i];
    }
    assertThat(EmbeddingAxis.load(name).project(computed) / dot(computed, computed))
        .isCloseTo(1, within(0.02));
  }

  @Test
  void separatesFaultsFromRequests() {
    EmbeddingAxis axis = EmbeddingAxis.load("fault");
    assertThat(axis.project(Tickets.MODEL.embed("Nobody in the shop can take payments")))
        .isPositive();
    assertThat(axis.project(Tickets.MODEL.embed("Can I have a second chair for my office?")))
        .isNegative();
    assertThat(axis.project(null)).isZero();
    assertThat(axis.project(new float[] {1, 0})).isZero();
  }

  @Test
  void separatesOutagesFromSingleFaultsAndWarnings() {
    assertThat(report("The till system is down in every branch").outage()).isPositive();
    assertThat(report("api-gateway: 100% of requests fail").outage()).isPositive();
    assertThat(report("The date on my invoice is wrong").outage()).isNegative();
    assertThat(report("Licence of the mail filter expires in 30 days").outage()).isNegative();
  }

  @Test
  void separatesMonitorsFromPeople() {
    assertThat(report("PROBLEM: replica count 1 of 3, threshold 2").alert()).isTrue();
    assertThat(report("I can't get into my account and neither can my boss").alert()).isFalse();
  }

  private static ReportKind report(String text) {
    PreparedTicket reading =
        new TicketPreparer(Tickets.MODEL).prepare(Tickets.ticket("1", text, ""));
    return ReportKind.of(reading, reading.embedding());
  }

  private static float[] mean(String name, String mark) {
    float[] sum = new float[0];
    for (String line : EmbeddingAxis.lines(name)) {
      if (line.startsWith(mark)) {
        float[] one = Tickets.MODEL.embed(line.substring(mark.length()));
        sum = sum.length == 0 ? new float[one.length] : sum;
        for (int i = 0; i < one.length; i++) {
          sum[i] += one[i];
        }
      }
    }
    double length = Math.sqrt(dot(sum, sum));
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= (float) length;
    }
    return sum;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
