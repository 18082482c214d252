package dev.lockstep.sync;

import dev.lockstep.mapping.Mappings.MappedSide;
import dev.lockstep.record.RecordState;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The records of one side that start syncing under a mapping, by the values of their fields. */
record Scope(MappedSide place) {

  boolean includes(RecordState record) {
    return place.mapping().startsSync(place.side(), values(record));
  }

  /** Whether the record is in scope, or may be once it is fetched: it hides what decides. */
  boolean mayInclude(RecordState record) {
    return includes(record) || undecided(record).values().stream().anyMatch(Objects::isNull);
  }

  /**
   * By field, the values that leave open whether the record is in scope; null if it hides the
   * field.
   */
  Map<String, @Nullable String> undecided(RecordState record) {
    return place.mapping().undecided(place.side(), values(record));
  }

  private Map<String, String> values(RecordState record) {
    return record.in(place.mapping().name()).values();
  }
}
