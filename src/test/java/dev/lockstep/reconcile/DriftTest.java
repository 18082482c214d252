package dev.lockstep.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.reconcile.Drift.Values;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriftTest {
  private static RecordState state(long version, Map<String, String> values) {
    RecordRef ref = new RecordRef("itsm", "incident", "1");
    return RecordState.of(
        "m", new Snapshot(ref, "INC1", "", Version.count(version), Instant.EPOCH, "", values));
  }

  @Test
  void anotherValueIsDriftWhateverTheVersion() {
    assertThat(Drift.between(state(1, Map.of("title", "a")), state(1, Map.of("title", ""))))
        .get()
        .extracting(Drift::fields)
        .isEqualTo(Map.of("m.title", new Values("a", "")));
  }

  @Test
  void anotherVersionWithTheSameValuesIsNone() {
    assertThat(Drift.between(state(1, Map.of("title", "a")), state(2, Map.of("title", "a"))))
        .isEmpty();
  }

  @Test
  void aFieldThatIsNotShownNowOrWasNotBeforeProvesNothing() {
    assertThat(Drift.between(state(1, Map.of("title", "a")), state(2, Map.of()))).isEmpty();
    assertThat(Drift.between(state(1, Map.of()), state(2, Map.of("title", "a")))).isEmpty();
  }
}
