package dev.lockstep.pair;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.FieldMapping.Translation;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of a record for which the tables of its mapping have no row. Each occurrence is an entry
 * of the audit, of its pair or of a record that is in none.
 *
 * @param side the side whose value it is
 */
public record UnmappedValue(String mapping, String field, Side side, String value) {
  /** Of its entries in the audit. */
  public static final String WHAT = "unmapped";

  private static final String MAPPING = "mapping";
  private static final String FIELD = "field";
  private static final String SIDE = "side";
  private static final String VALUE = "value";

  /** In characters; the index of the occurrences holds short values only. */
  private static final int LONGEST = 200;

  /**
   * @param key of the record that has it
   */
  public AuditEntry toEntry(String key) {
    return new AuditEntry(
        WHAT,
        "The mapping has no row for %s '%s' of %s".formatted(field, shortened(), key),
        details());
  }

  private Map<String, String> details() {
    return Map.of(MAPPING, mapping, FIELD, field, SIDE, side.label(), VALUE, shortened());
  }

  private String shortened() {
    return PlainText.truncate(value, LONGEST, Integer.MAX_VALUE);
  }

  /** Whether an entry of the audit is an occurrence of this value. */
  public boolean isIn(AuditEntry entry) {
    return entry.what().equals(WHAT) && entry.details().equals(details());
  }

  /** Whether the mapping of that name still has no row for it. */
  public boolean isMissingIn(Mapping current) {
    return findField(current).isPresent();
  }

  private Optional<FieldMapping> findField(Mapping current) {
    return current.fields().stream()
        .filter(each -> each.name().equals(field) && !each.isListed(side, value))
        .findFirst();
  }

  /** The gap that it causes; empty if it causes none, for example as its field is not synced. */
  public Optional<String> reason(Mapping current) {
    return findField(current).flatMap(this::reason);
  }

  private Optional<String> reason(FieldMapping field) {
    return field.translate(side, value, null) instanceof Translation.Unmapped unmapped
        ? Optional.of(unmapped.reason())
        : Optional.empty();
  }

  /**
   * An entry for each value that keeps a field of a pair from being synced and did not do so
   * before.
   *
   * @param before null if the pair is new
   */
  public static List<AuditEntry> appeared(Mapping mapping, @Nullable Pair before, Pair now) {
    List<AuditEntry> entries = new ArrayList<>();
    now.gaps()
        .forEach(
            (name, why) -> {
              if (before == null || !why.equals(before.gaps().get(name))) {
                for (Side side : Side.values()) {
                  find(mapping, now, name, side)
                      .filter(value -> value.reason(mapping).equals(Optional.of(why)))
                      .ifPresent(value -> entries.add(value.toEntry(key(now, side))));
                }
              }
            });
    return entries;
  }

  private static Optional<UnmappedValue> find(Mapping mapping, Pair pair, String field, Side side) {
    Snapshot seen = pair.seen(side);
    return Optional.ofNullable(seen == null ? null : seen.values().get(field))
        .map(value -> new UnmappedValue(mapping.name(), field, side, value));
  }

  private static String key(Pair pair, Side side) {
    Snapshot seen = pair.seen(side);
    return seen == null ? "" : seen.key();
  }
}
