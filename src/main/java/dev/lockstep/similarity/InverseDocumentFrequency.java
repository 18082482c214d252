package dev.lockstep.similarity;

import java.util.Arrays;

/**
 * How rare each word is among the tickets held, from 0, everywhere, to 1, nowhere. Counts are kept
 * by hash in a table of fixed size: two words may share a place, which makes them a little less
 * rare than they are. Not thread-safe.
 */
final class InverseDocumentFrequency {
  private static final int PLACES = 1 << 18;

  /** As though so many tickets of all kinds had been seen: the first ones must not look common. */
  private static final double SEEN_BEFORE = 500;

  private static final double[] LOGS = new double[1 << 12];

  static {
    Arrays.setAll(LOGS, Math::log);
  }

  private final int[] counts = new int[PLACES];
  private int tickets;
  private double logOfAll = Math.log(SEEN_BEFORE);

  void add(TermVector words) {
    tickets++;
    logOfAll = Math.log(tickets + SEEN_BEFORE);
    for (long hash : words.hashes()) {
      counts[place(hash)]++;
    }
  }

  void remove(TermVector words) {
    tickets--;
    logOfAll = Math.log(tickets + SEEN_BEFORE);
    for (long hash : words.hashes()) {
      counts[place(hash)]--;
    }
  }

  double weight(long hash) {
    int seen = counts[place(hash)] + 1;
    double log = seen < LOGS.length ? LOGS[seen] : Math.log(seen);
    return 1 - log / logOfAll;
  }

  private static int place(long hash) {
    return (int) (hash >>> 46);
  }
}
