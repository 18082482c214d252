package dev.lockstep.connector;

/**
 * Tracks whether a system accepts Lockstep's credentials and whether calls leave the process.
 * Thread-safe.
 */
final class CredentialStatus {
  /** This many consecutive internal failures are not the fault of a single record. */
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

  /** Whether the last answer accepted the credentials. */
  synchronized boolean accepted() {
    return accepted;
  }

  /** An answer was received, of any status. */
  synchronized void recordAnswer() {
    failuresWithin = 0;
  }

  /** A call failed within Lockstep before it was sent. */
  synchronized void recordInternalFailure() {
    failuresWithin++;
  }

  synchronized boolean clientBroken() {
    return failuresWithin >= BROKEN;
  }

  /** Counts a refusal; true for the first one since the credentials were last accepted. */
  synchronized boolean recordRefusal() {
    refusals++;
    accepted = false;
    return refusals == 1;
  }

  /** Records that the credentials are rejected; true if that was not known. */
  synchronized boolean recordLockout(String advice) {
    boolean news = trouble.isEmpty();
    accepted = false;
    trouble = advice;
    return news;
  }

  /** What an operator must fix; empty when nothing. */
  synchronized String trouble() {
    return trouble;
  }
}
