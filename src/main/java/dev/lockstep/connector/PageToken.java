package dev.lockstep.connector;

/**
 * Where a listing goes on.
 *
 * @param feed which of the kind's feeds
 * @param after by key: the last time seen; by offset: until when is asked for
 * @param position by key: the last id seen; by offset: the offset
 */
record PageToken(int feed, String after, String position) {

  /** The inverse of {@link #toString()}. */
  static PageToken parse(String text) {
    String[] parts = text.split("\\|", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("Not a page: " + text);
    }
    return new PageToken(Integer.parseInt(parts[0]), parts[1], parts[2]);
  }

  static PageToken startOf(int feed) {
    return new PageToken(feed, "", "");
  }

  @Override
  public String toString() {
    return feed + "|" + after + "|" + position;
  }
}
