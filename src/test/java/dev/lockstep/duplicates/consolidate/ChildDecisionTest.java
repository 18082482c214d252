package dev.lockstep.duplicates.consolidate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.duplicates.consolidate.ChildDecision.PrimaryStatus;
import dev.lockstep.duplicates.consolidate.ChildDecision.Step;
import dev.lockstep.duplicates.ticket.Duplicate.Resolution;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows for a linked child from the status of its primary. */
final class ChildDecisionTest {

  @ParameterizedTest
  @CsvSource({
    // primary, child is open, resolution propagated?, step
    "OPEN, true, OPEN, NONE",
    "OPEN, false, OPEN, NONE",
    "OPEN, true, PROPAGATING, REOPEN",
    "OPEN, false, PROPAGATING, REOPEN",
    "OPEN, true, PROPAGATED, REOPEN",
    "OPEN, false, PROPAGATED, REOPEN",
    "OPEN, true, SKIPPED, AWAIT_RESOLUTION",
    "OPEN, false, SKIPPED, AWAIT_RESOLUTION",
    "RESOLVED, true, OPEN, RESOLVE",
    "RESOLVED, false, OPEN, RECORD_RESOLVED",
    "RESOLVED, true, PROPAGATING, RESOLVE",
    "RESOLVED, false, PROPAGATING, RECORD_RESOLVED",
    "RESOLVED, true, PROPAGATED, NONE",
    "RESOLVED, false, PROPAGATED, NONE",
    "RESOLVED, true, SKIPPED, NONE",
    "RESOLVED, false, SKIPPED, NONE",
    // known as cancelled, but no longer when it was fetched: not resolved
    "CANCELLED, true, OPEN, NONE",
    "CANCELLED, false, PROPAGATED, REOPEN",
    "CANCELLED, true, SKIPPED, AWAIT_RESOLUTION"
  })
  void theChildIsResolvedAndReopenedWithItsPrimary(
      PrimaryStatus primary, boolean isOpen, Resolution resolution, Step step) {
    assertThat(new ChildDecision(primary, isOpen, resolution).step()).isEqualTo(step);
  }

  @ParameterizedTest
  @CsvSource({
    "OPEN, true, OPEN,",
    "OPEN, true, PROPAGATED,",
    "OPEN, false, PROPAGATED,",
    "RESOLVED, true, OPEN,",
    "RESOLVED, true, PROPAGATING,",
    "RESOLVED, true, PROPAGATED, REOPENED",
    "RESOLVED, false, PROPAGATED,",
    "RESOLVED, true, SKIPPED,",
    "CANCELLED, true, OPEN, PRIMARY_ENDED",
    "CANCELLED, false, OPEN, PRIMARY_ENDED",
    "CANCELLED, true, PROPAGATED, PRIMARY_ENDED",
    "CANCELLED, true, SKIPPED, PRIMARY_ENDED"
  })
  void theChildIsUnlinkedIfReopenedAloneOrItsPrimaryIsCancelled(
      PrimaryStatus primary,
      boolean isOpen,
      Resolution resolution,
      @Nullable UnlinkReason unlinkReason) {
    assertThat(new ChildDecision(primary, isOpen, resolution).unlinkReason())
        .isEqualTo(Optional.ofNullable(unlinkReason));
  }

  @ParameterizedTest
  @CsvSource({"open, OPEN", "resolved, RESOLVED", "cancelled, CANCELLED"})
  void theStatusIsThatOfTheRules(String status, PrimaryStatus primary) {
    assertThat(decide(status, "open")).isEqualTo(new ChildDecision(primary, true, Resolution.OPEN));
  }

  @Test
  void aChildIsNotOpenHoweverItEnded() {
    assertThat(decide("open", "resolved").isOpen()).isFalse();
    assertThat(decide("open", "cancelled").isOpen()).isFalse();
  }

  private static ChildDecision decide(String primary, String child) {
    return ChildDecision.of(new Rules(), Side.LEFT, seen(primary), seen(child), Resolution.OPEN);
  }

  private static Snapshot seen(String status) {
    RecordRef ref = new RecordRef("itsm", "incident", "a");
    Map<String, String> values = Map.of("status", status);
    return new Snapshot(ref, "a", "", new Version(1, 1), Instant.EPOCH, "", values);
  }

  private static final class Rules implements DuplicateRules {
    @Override
    public Compared compared(Side side, Map<String, String> values) {
      return new Compared("", "", "", "");
    }

    @Override
    public boolean inScope(Side side, Map<String, String> values) {
      return true;
    }

    @Override
    public boolean isResolvedOrClosed(Side side, Map<String, String> values) {
      return !"open".equals(values.get("status"));
    }

    @Override
    public boolean isResolved(Side side, Map<String, String> values) {
      return "resolved".equals(values.get("status"));
    }

    @Override
    public boolean follows(Side side) {
      return true;
    }

    @Override
    public Map<String, String> valuesFromPrimary(
        Side side, Map<String, String> primary, boolean texts) {
      return Map.of();
    }

    @Override
    public List<String> audience(Side side, Map<String, String> values) {
      return List.of();
    }
  }
}
