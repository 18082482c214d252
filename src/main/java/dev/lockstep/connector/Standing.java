package dev.lockstep.connector;

/** Whether a system accepts our credentials. Thread-safe. */
final class Standing {
  private String trouble = "";
  private int refusals;

  synchronized void answered() {
    trouble = "";
    refusals = 0;
  }

  /** Whether none was refused since the last that was accepted. */
  synchronized boolean firstRefusal() {
    refusals++;
    return refusals == 1;
  }

  /** Notes that credentials are refused; true when this is news. */
  synchronized boolean lockedOut(String advice) {
    boolean news = trouble.isEmpty();
    trouble = advice;
    return news;
  }

  /** Empty when there is none. */
  synchronized String trouble() {
    return trouble;
  }
}
