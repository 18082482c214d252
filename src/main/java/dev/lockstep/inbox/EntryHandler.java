package dev.lockstep.inbox;

/** Processes inbox entries. */
public interface EntryHandler {

  /**
   * Brings the subject into its target state. Must be idempotent: it may run again after a crash at
   * any point. Throws {@link dev.lockstep.connector.RetryLaterException}, {@link
   * dev.lockstep.connector.SystemUnavailableException} or {@link
   * dev.lockstep.connector.RequestRejectedException} when a call fails.
   */
  void process(InboxEntry entry);
}
