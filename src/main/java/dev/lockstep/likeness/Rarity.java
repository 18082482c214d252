package dev.lockstep.likeness;

/**
 * How rare each word is among the tickets held, from 0, everywhere, to 1, nowhere. Counts are kept
 * by hash in a table of fixed size: two words may share a place, which makes them a little less
 * rare than they are. Not thread-safe.
 */
final class Rarity {
  private static final int PLACES = 1 << 18;

  /** As though so many tickets of all kinds had been seen: the first ones must not look common. */
  private static final double SEEN_BEFORE = 500;

  private final int[] counts = new int[PLACES];
  private int tickets;

  void add(Words words) {
    tickets++;
    for (long hash : words.hashes()) {
      counts[place(hash)]++;
    }
  }

  void remove(Words words) {
    tickets--;
    for (long hash : words.hashes()) {
      counts[place(hash)]--;
    }
  }

  double of(long hash) {
    double all = tickets + SEEN_BEFORE;
    return Math.log(all / (counts[place(hash)] + 1)) / Math.log(all);
  }

  private static int place(long hash) {
    return (int) (hash >>> 46);
  }
}
