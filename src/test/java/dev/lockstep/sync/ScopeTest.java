package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapping.Mappings.MappedSide;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.testkit.TableMapping;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The mapping knows the values yes and no of the field {@code scope}; yes is in scope. */
class ScopeTest {
  private static final TableMapping MAPPING = new TableMapping(List.of(), Set.of()).following();
  private final Scope scope = new Scope(new MappedSide(MAPPING, Side.RIGHT));

  private static RecordState record(Map<String, String> values) {
    RecordRef ref = new RecordRef("platform", "incident", "P1");
    return RecordState.of(
        MAPPING.name(), new Snapshot(ref, "#1", "", Version.count(1), Instant.EPOCH, "", values));
  }

  @Test
  void includesARecordByItsValues() {
    assertThat(scope.includes(record(Map.of("scope", "yes")))).isTrue();
    assertThat(scope.includes(record(Map.of("scope", "no")))).isFalse();
    assertThat(scope.includes(record(Map.of("scope", "SEV-1")))).isFalse();
    assertThat(scope.includes(record(Map.of()))).isFalse();
  }

  @Test
  void aSideThatNeverStartsIncludesNoRecord() {
    Scope left = new Scope(new MappedSide(MAPPING, Side.LEFT));

    assertThat(left.includes(record(Map.of("scope", "yes")))).isFalse();
  }

  @Test
  void aRecordInScopeMayBeIncluded() {
    assertThat(scope.mayInclude(record(Map.of("scope", "yes")))).isTrue();
  }

  @Test
  void aRecordThatHidesWhatDecidesMayBeIncluded() {
    assertThat(scope.mayInclude(record(Map.of()))).isTrue();
  }

  @Test
  void aRecordWithAnUnlistedValueIsNotIncludedOnceItIsFetchedEither() {
    assertThat(scope.mayInclude(record(Map.of("scope", "SEV-1")))).isFalse();
    assertThat(scope.mayInclude(record(Map.of("scope", "no")))).isFalse();
  }

  @Test
  void namesTheValuesThatLeaveItUndecided() {
    assertThat(scope.undecided(record(Map.of("scope", "SEV-1"))))
        .isEqualTo(Map.of("scope", "SEV-1"));
    assertThat(scope.undecided(record(Map.of()))).containsEntry("scope", null);
    assertThat(scope.undecided(record(Map.of("scope", "no")))).isEmpty();
  }
}
