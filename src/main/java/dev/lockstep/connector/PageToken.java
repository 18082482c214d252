package dev.lockstep.connector;

/**
 * The position at which a listing continues.
 *
 * @param after by key: the last time seen; by offset or number: the end of the requested period; by
 *     token: minutes before now
 * @param position by key: the last id seen; by offset or number: the offset; by token: the token;
 *     by link: the query of the next page
 */
record PageToken(String after, String position) {
  static final PageToken FIRST = new PageToken("", "");

  /** The inverse of {@link #toString()}. */
  static PageToken parse(String text) {
    int bar = text.indexOf('|');
    if (bar < 0) {
      throw new IllegalArgumentException("Not a page: " + text);
    }
    return new PageToken(text.substring(0, bar), text.substring(bar + 1));
  }

  @Override
  public String toString() {
    return after + "|" + position;
  }
}
