package dev.lockstep.connector;

/** Whether a system accepts our credentials. Thread-safe. */
final class Standing {
  private String trouble = "";
  private int refusals;
  private boolean accepted;

  synchronized void answered() {
    trouble = "";
    refusals = 0;
    accepted = true;
  }

  /** Whether the last answer to any other call accepted them. */
  synchronized boolean accepted() {
    return accepted;
  }

  /** Whether none was refused since the last that was accepted. */
  synchronized boolean firstRefusal() {
    refusals++;
    accepted = false;
    return refusals == 1;
  }

  /** Notes that credentials are refused; true when this is news. */
  synchronized boolean lockedOut(String advice) {
    boolean news = trouble.isEmpty();
    accepted = false;
    trouble = advice;
    return news;
  }

  /** Empty when there is none. */
  synchronized String trouble() {
    return trouble;
  }
}
