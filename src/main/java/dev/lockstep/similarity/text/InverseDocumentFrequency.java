package dev.lockstep.similarity.text;

import java.util.Arrays;

/**
 * The rarity of each word among the indexed tickets, from 0 (in every ticket) to 1 (in none).
 * Counts are kept by hash in a table of fixed size; a collision makes both words appear slightly
 * less rare. Not thread-safe.
 */
public final class InverseDocumentFrequency {
  private static final int PLACES = 1 << 18;

  /** Virtual tickets, so that the words of the first real ones do not appear common. */
  private static final double SEEN_BEFORE = 500;

  private static final double[] LOGS = new double[1 << 12];

  static {
    Arrays.setAll(LOGS, Math::log);
  }

  private final int[] counts = new int[PLACES];
  private int tickets;
  private double logOfAll = Math.log(SEEN_BEFORE);

  public void add(TermVector words) {
    tickets++;
    logOfAll = Math.log(tickets + SEEN_BEFORE);
    for (long hash : words.hashes()) {
      counts[place(hash)]++;
    }
  }

  public void remove(TermVector words) {
    tickets--;
    logOfAll = Math.log(tickets + SEEN_BEFORE);
    for (long hash : words.hashes()) {
      counts[place(hash)]--;
    }
  }

  public double weight(long hash) {
    int seen = counts[place(hash)] + 1;
    double log = seen < LOGS.length ? LOGS[seen] : Math.log(seen);
    return 1 - log / logOfAll;
  }

  private static int place(long hash) {
    return (int) (hash >>> 46);
  }
}
