package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.inbox.Hint;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Determines the current state of a record with as few calls as possible. A received state that is
 * certainly newer than the stored one is used as is; if the order is unknown, or an earlier attempt
 * had an unknown outcome, the record is fetched.
 */
@Component
public class RecordRefresher {
  private final Connectors connectors;
  private final SnapshotReader snapshots;
  private final MappingCatalog mappings;

  public RecordRefresher(Connectors connectors, SnapshotReader snapshots, MappingCatalog mappings) {
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.mappings = mappings;
  }

  /**
   * @param fetched whether it was asked for just now
   */
  record Refreshed(RecordState state, boolean fetched) {}

  /**
   * @param seen its last known state
   * @param hint what was received; null for nothing
   * @param outcomeUnknown the last known state must not be trusted
   * @throws dev.lockstep.connector.RecordNotFoundException if the record no longer exists
   */
  Refreshed refresh(RecordState seen, @Nullable Hint hint, boolean outcomeUnknown) {
    if (connectors.isAppendOnly(seen.ref().system(), seen.ref().kind())) {
      return new Refreshed(seen, false);
    }
    if (outcomeUnknown || hint != null && hint.mustFetch()) {
      return fetched(seen);
    }
    if (hint == null || hint.state() == null) {
      return new Refreshed(seen, false);
    }
    return switch (hint.state().version().comparedTo(seen.version())) {
      case NEWER ->
          isSufficient(hint.state(), seen)
              ? new Refreshed(snapshots.read(hint.state(), seen), false)
              : fetched(seen);
      case OLDER ->
          // The counter went back although time advanced: the system was restored from a backup.
          hint.state().updatedAt().isAfter(seen.updatedAt())
              ? fetched(seen)
              : new Refreshed(seen, false);
      case SAME -> new Refreshed(seen, false);
      case OVERLAPPING ->
          snapshots.read(hint.state(), seen).hasSameValuesAs(seen)
              ? new Refreshed(seen, false)
              : fetched(seen);
    };
  }

  private Refreshed fetched(RecordState seen) {
    return new Refreshed(fetch(seen.ref(), seen), true);
  }

  /** Fetches the record. */
  public RecordState fetch(RecordRef ref, @Nullable RecordState seen) {
    return snapshots.readComplete(connectors.fetch(ref), seen);
  }

  /**
   * A webhook that omits a field the record is known to have, for example one added to the mapping
   * but not to the sender's script, may hide a change of that field.
   */
  private boolean isSufficient(NativeRecord received, RecordState seen) {
    return mappings.forRecord(seen.ref().system(), seen.ref().kind()).stream()
        .allMatch(
            place -> {
              Map<String, String> known =
                  seen.values().getOrDefault(place.mapping().name(), Map.of());
              Map<String, String> values =
                  snapshots.values(place.mapping(), place.side(), received);
              return place.mapping().fields().stream()
                  .filter(field -> field.flowsTo(place.side().other()))
                  .map(FieldMapping::name)
                  .allMatch(name -> values.containsKey(name) || !known.containsKey(name));
            });
  }
}
