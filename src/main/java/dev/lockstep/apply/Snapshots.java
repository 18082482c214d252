package dev.lockstep.apply;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads systems' JSON in the words of a mapping. */
public class Snapshots {
  private final References references;

  Snapshots(References references) {
    this.references = references;
  }

  /**
   * @param before what was known of the record; what the new state does not tell stays as it was
   */
  public Snapshot read(Mapping mapping, Side side, NativeRecord record, @Nullable Snapshot before) {
    Map<String, String> values = new HashMap<>(before == null ? Map.of() : before.values());
    values.putAll(mapping.read(side, record.json(), references));
    return new Snapshot(
        record.ref(),
        orElse(record.key(), before == null ? "" : before.key()),
        orElse(record.url(), before == null ? "" : before.url()),
        record.version(),
        record.updatedAt(),
        orElse(record.correlationId(), before == null ? "" : before.correlationId()),
        values,
        record.openedAt() == null && before != null ? before.openedAt() : record.openedAt(),
        record.primaryId() == null && before != null ? before.primaryId() : record.primaryId());
  }

  private static String orElse(String told, String known) {
    return told.isEmpty() ? known : told;
  }
}
