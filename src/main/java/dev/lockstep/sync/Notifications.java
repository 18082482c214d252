package dev.lockstep.sync;

/**
 * Which systems currently send webhooks. A record of a system that does not may have been edited
 * unnoticed, so it is fetched before it is overwritten.
 */
public interface Notifications {

  /** Whether the system has recently sent a verified webhook for a record of that kind. */
  boolean areReceived(String system, String kind);
}
