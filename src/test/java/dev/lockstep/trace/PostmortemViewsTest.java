package dev.lockstep.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.postmortem.actionitem.PostmortemStore.StoredPostmortem;
import dev.lockstep.trace.Traces.Event;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PostmortemViewsTest {
  private static final Instant RECEIVED = Instant.parse("2026-11-24T03:00:00Z");

  private static StoredPostmortem stored(String name, Instant changedAt) {
    return new StoredPostmortem(
        1, name, "Portal outage", "", "INC1", null, "", "", RECEIVED, changedAt);
  }

  @Test
  void isNamedByItsIncidentIfItWasSentWithoutAName() {
    assertThat(PostmortemViews.name(stored("portal.md", RECEIVED))).isEqualTo("portal.md");
    assertThat(PostmortemViews.name(stored("", RECEIVED))).isEqualTo("INC1");
  }

  @Test
  void wasChangedIfItWasSentAgain() {
    Event received = new Event(RECEIVED, "INC1", "received", "Postmortem \"Portal outage\"", "");
    Instant later = RECEIVED.plusSeconds(60);

    assertThat(PostmortemViews.events(stored("", RECEIVED))).containsExactly(received);
    assertThat(PostmortemViews.events(stored("", later)))
        .containsExactly(
            received, new Event(later, "INC1", "changed", "The postmortem was changed", ""));
  }
}
