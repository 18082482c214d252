package dev.lockstep.communication.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.communication.settings.Vendor;
import dev.lockstep.communication.vendor.VendorWatch.Found;
import dev.lockstep.record.RecordRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VendorWatchTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final Vendor ACME =
      new Vendor(
          "acme", "Acme", "vendor", Map.of("P1", Duration.ofMinutes(30)), Map.of(), List.of());

  private static Found found(String ticket, int comments) {
    return new Found(new RecordRef("vendor", "incident", ticket), "P1", comments, true);
  }

  /** What was written on it before it belonged to the incident is no report about that. */
  @Test
  void commentsOnAnotherTicketAreNoAnswer() {
    RecordRef incident = new RecordRef("servicenow", "incident", "1");
    VendorWatch due =
        VendorWatch.none(incident, "acme", found("a", 1)).follow(ACME, found("a", 1), NOW);

    VendorWatch moved = due.follow(ACME, found("b", 5), NOW.plusSeconds(60));
    assertThat(moved.answeredAt()).isNull();
    assertThat(moved.dueAt()).isEqualTo(due.dueAt());

    Instant later = NOW.plusSeconds(120);
    VendorWatch answered = moved.follow(ACME, found("b", 6), later);
    assertThat(answered.answeredAt()).isEqualTo(later);
    assertThat(answered.dueAt()).isEqualTo(later.plus(Duration.ofMinutes(30)));
  }
}
