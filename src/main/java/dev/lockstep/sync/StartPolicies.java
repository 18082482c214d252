package dev.lockstep.sync;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How an operator wants certain records to start syncing. */
public interface StartPolicies {

  /** Empty: as any record that was received. */
  Optional<StartPolicy> find(RecordRef record);

  /**
   * Whether a record starts its pair because of a backfill, rather than as one that was just
   * opened.
   *
   * @param openedAt when it was opened, by its system's clock; null if unknown
   */
  default boolean isBackfilled(RecordRef record, @Nullable Instant openedAt) {
    return false;
  }

  /** Which notes written before its pair was started are synced. */
  enum OlderNotes {
    NONE,
    /** Those written since both records exist. */
    SINCE_LINK,
    ALL;

    /** As commands and the API write it: {@code none}, {@code since-link} or {@code all}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The inverse; empty if it is none of them. */
    public static Optional<OlderNotes> parse(String label) {
      return Stream.of(values()).filter(each -> each.label().equals(label)).findFirst();
    }
  }

  /**
   * @param adoptBy where the record names a counterpart that exists: {@link #CORRELATION}, or the
   *     name of a mapped field; empty: only as Lockstep itself writes it
   */
  record StartPolicy(OlderNotes notes, String adoptBy) {
    /** The correlation id, whatever wrote it. */
    public static final String CORRELATION = "correlation";
  }
}
