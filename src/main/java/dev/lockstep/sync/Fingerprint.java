package dev.lockstep.sync;

import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordState;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a step depends on, as a short text: equal values give equal texts, also in another process.
 * Versions are left out, since an echo changes them and nothing else.
 */
final class Fingerprint {
  private Fingerprint() {}

  static String of(Pair pair) {
    return shorten(
        pair.state()
            + " "
            + new TreeMap<>(pair.base())
            + " "
            + describe(pair.leftState())
            + " "
            + describe(pair.rightState()));
  }

  /**
   * @param hint what was received of the record; null for nothing
   */
  static String of(@Nullable RecordState state, @Nullable Hint hint) {
    return shorten(describe(state) + " " + hint);
  }

  static String of(Correlation correlation, InboxEntry entry) {
    return shorten(
        correlation.pairs().stream().map(Fingerprint::of).sorted().toList()
            + " "
            + new TreeMap<>(entry.hints()));
  }

  private static String describe(@Nullable RecordState state) {
    if (state == null) {
      return "";
    }
    Map<String, Map<String, String>> values = new TreeMap<>();
    state.values().forEach((mapping, mapped) -> values.put(mapping, new TreeMap<>(mapped)));
    return Stream.of(state.ref(), state.key(), state.correlationId(), values)
        .map(String::valueOf)
        .toList()
        .toString();
  }

  private static String shorten(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
