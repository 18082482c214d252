package dev.lockstep.connector;

/** Whether a system accepts our credentials, and whether calls leave the process. Thread-safe. */
final class CredentialStatus {
  /** So many calls in a row that fail within Lockstep are no fault of one record. */
  private static final int BROKEN = 20;

  private String trouble = "";
  private int refusals;
  private int failuresWithin;
  private boolean accepted;

  synchronized void recordSuccess() {
    trouble = "";
    refusals = 0;
    accepted = true;
  }

  /** Whether the last answer to any other call accepted them. */
  synchronized boolean accepted() {
    return accepted;
  }

  /** An answer came, whatever it says. */
  synchronized void recordAnswer() {
    failuresWithin = 0;
  }

  /** A call failed before it was made. */
  synchronized void recordInternalFailure() {
    failuresWithin++;
  }

  synchronized boolean clientBroken() {
    return failuresWithin >= BROKEN;
  }

  /** Whether none was refused since the last that was accepted. */
  synchronized boolean recordRefusal() {
    refusals++;
    accepted = false;
    return refusals == 1;
  }

  /** Notes that credentials are refused; true when this is news. */
  synchronized boolean recordLockout(String advice) {
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
