package dev.lockstep.sync;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings.MappedSide;
import dev.lockstep.mapping.References;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Version;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Translates a system's JSON into the fields of every mapping that covers the record's kind. */
@Component
public class SnapshotReader {
  private final References references;
  private final MappingCatalog mappings;

  public SnapshotReader(References references, MappingCatalog mappings) {
    this.references = references;
    this.mappings = mappings;
  }

  /** The mapped fields that a record shows; fields it does not show are absent. */
  Map<String, String> values(Mapping mapping, Side side, NativeRecord record) {
    return mapping.read(side, record.json(), references);
  }

  /** How urgent the record is in the mapping that takes it most seriously; 0 is the most. */
  OptionalInt rank(RecordState state) {
    return mappings.forRecord(state.ref().system(), state.ref().kind()).stream()
        .map(place -> place.mapping().rank(place.side(), state.in(place.mapping().name()).values()))
        .flatMapToInt(OptionalInt::stream)
        .min();
  }

  /**
   * Reads a possibly partial state, such as a webhook or the response to a write.
   *
   * @param before what was known of the record; fields that the new state omits keep their value
   */
  public RecordState read(NativeRecord record, @Nullable RecordState before) {
    return state(record, before, true);
  }

  /**
   * Reads a complete, fetched state: a field that is absent is hidden, and its last known value no
   * longer applies.
   *
   * @param before supplies key, URL and correlation id if the response omits them
   */
  public RecordState readComplete(NativeRecord record, @Nullable RecordState before) {
    return state(record, before, false);
  }

  private RecordState state(NativeRecord record, @Nullable RecordState before, boolean keep) {
    Map<String, Map<String, String>> values = new HashMap<>();
    for (MappedSide place : mappings.forRecord(record.ref().system(), record.ref().kind())) {
      String mapping = place.mapping().name();
      Map<String, String> mapped =
          new HashMap<>(
              keep && before != null ? before.values().getOrDefault(mapping, Map.of()) : Map.of());
      mapped.putAll(values(place.mapping(), place.side(), record));
      values.put(mapping, mapped);
    }
    return new RecordState(
        record.ref(),
        orElse(record.key(), before == null ? "" : before.key()),
        orElse(record.url(), before == null ? "" : before.url()),
        record.version(),
        record.updatedAt(),
        orElse(record.correlationId(), before == null ? "" : before.correlationId()),
        values,
        record.openedAt() == null && before != null ? before.openedAt() : record.openedAt(),
        record.primaryId() == null && before != null ? before.primaryId() : record.primaryId(),
        changedBy(record, before),
        before == null ? 0 : before.revision());
  }

  /** The author of an earlier version is not the author of this change. */
  private static @Nullable String changedBy(NativeRecord record, @Nullable RecordState before) {
    if (record.changedBy() != null || before == null) {
      return record.changedBy();
    }
    boolean isKnownVersion = record.version().comparedTo(before.version()) == Version.Order.SAME;
    return isKnownVersion ? before.changedBy() : null;
  }

  private static String orElse(String received, String known) {
    return received.isEmpty() ? known : received;
  }
}
