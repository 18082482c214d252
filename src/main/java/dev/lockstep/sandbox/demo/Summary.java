package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a rehearsal came to; {@code docs/demo.md} says how each figure is counted. The names are
 * those of {@code summary.json}.
 */
record Summary(
    int pairs,
    int pairsInAgreement,
    Directions changesCarried,
    Directions notesCarried,
    long conflicts,
    long duplicatesCreated,
    long echoesWritten,
    Map<String, SortedMap<String, Long>> apiCalls,
    double writesPerChange,
    double readsPerChange,
    Lag lagMillis,
    long deadLetters,
    SortedMap<String, Integer> faultsInjected,
    int restarts) {

  /** By the way they went. */
  record Directions(int itsmToPlatform, int platformToItsm) {
    int both() {
      return itsmToPlatform + platformToItsm;
    }
  }

  /** From a change in one sandbox to its counterpart in the other, in milliseconds. */
  record Lag(long p50, long p95, long p99) {

    /** All zero when there is nothing to rank. */
    static Lag of(List<Duration> lags) {
      long[] millis = lags.stream().mapToLong(Duration::toMillis).sorted().toArray();
      return new Lag(rank(millis, 50), rank(millis, 95), rank(millis, 99));
    }

    /** The smallest value that so many percent do not exceed. */
    private static long rank(long[] sorted, int percent) {
      int rank = (int) Math.ceil(sorted.length * percent / 100.0);
      return sorted.length == 0 ? 0 : sorted[Math.max(0, rank - 1)];
    }
  }

  /** Whether nothing is left to be said against it. */
  boolean good() {
    return pairs > 0
        && pairsInAgreement == pairs
        && duplicatesCreated == 0
        && echoesWritten == 0
        && deadLetters == 0;
  }

  /**
   * @throws IOException when it can't be written
   */
  void writeTo(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(
        file,
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(this)
            + System.lineSeparator());
  }
}
