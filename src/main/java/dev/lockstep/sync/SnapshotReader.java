package dev.lockstep.sync;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Translates a system's JSON into the fields of a mapping. */
public class SnapshotReader {
  private final References references;

  SnapshotReader(References references) {
    this.references = references;
  }

  /** The mapped fields that a record shows; fields it does not show are absent. */
  Map<String, String> values(Mapping mapping, Side side, NativeRecord record) {
    return mapping.read(side, record.json(), references);
  }

  /**
   * Reads a possibly partial state, such as a webhook or the response to a write.
   *
   * @param before what was known of the record; fields that the new state omits keep their value
   */
  public Snapshot read(Mapping mapping, Side side, NativeRecord record, @Nullable Snapshot before) {
    Map<String, String> values = new HashMap<>(before == null ? Map.of() : before.values());
    values.putAll(values(mapping, side, record));
    return snapshot(record, values, before);
  }

  /**
   * Reads a complete, fetched state: a field that is absent is hidden, and its last known value no
   * longer applies.
   *
   * @param before supplies key, URL and correlation id if the response omits them
   */
  Snapshot readComplete(
      Mapping mapping, Side side, NativeRecord record, @Nullable Snapshot before) {
    return snapshot(record, values(mapping, side, record), before);
  }

  private static Snapshot snapshot(
      NativeRecord record, Map<String, String> values, @Nullable Snapshot before) {
    return new Snapshot(
        record.ref(),
        orElse(record.key(), before == null ? "" : before.key()),
        orElse(record.url(), before == null ? "" : before.url()),
        record.version(),
        record.updatedAt(),
        orElse(record.correlationId(), before == null ? "" : before.correlationId()),
        values,
        record.openedAt() == null && before != null ? before.openedAt() : record.openedAt(),
        record.primaryId() == null && before != null ? before.primaryId() : record.primaryId(),
        changedBy(record, before));
  }

  /** The author of an earlier version is not the author of this change. */
  private static @Nullable String changedBy(NativeRecord record, @Nullable Snapshot before) {
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
