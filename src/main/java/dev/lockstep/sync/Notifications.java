package dev.lockstep.sync;

/**
 * Which systems notify Lockstep of changes just now. A record of one that does not may have been
 * edited unseen: it is read before it is overwritten.
 */
public interface Notifications {

  /** Whether the system has lately sent a verified webhook about a record of that kind. */
  boolean areReceived(String system, String kind);
}
