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

/** Reads systems' JSON in the words of a mapping. */
public class SnapshotReader {
  private final References references;

  SnapshotReader(References references) {
    this.references = references;
  }

  /** What a record shows of the mapped fields; what it does not show is absent. */
  Map<String, String> values(Mapping mapping, Side side, NativeRecord record) {
    return mapping.read(side, record.json(), references);
  }

  /**
   * A state that may be a part of the record, as a webhook or an answer to a write has it.
   *
   * @param before what was known of the record; what the new state does not tell stays as it was
   */
  public Snapshot read(Mapping mapping, Side side, NativeRecord record, @Nullable Snapshot before) {
    Map<String, String> values = new HashMap<>(before == null ? Map.of() : before.values());
    values.putAll(values(mapping, side, record));
    return snapshot(record, values, before);
  }

  /**
   * The record as its system shows it when asked for it: a field that is absent is hidden, and what
   * was known of it is not its value any more.
   *
   * @param before whose key, address and correlation id stay where the answer leaves them out
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

  /** One who changed an earlier version is not the one who made this change. */
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
