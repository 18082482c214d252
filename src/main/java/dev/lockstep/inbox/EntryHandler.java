package dev.lockstep.inbox;

/** What is done about an entry. */
public interface EntryHandler {

  /**
   * Brings the subject into its wanted state. May run again after a crash at any point, and must
   * then end the same. Throws {@link dev.lockstep.connector.RetryLaterException}, {@link
   * dev.lockstep.connector.Unavailable} or {@link dev.lockstep.connector.RequestRejectedException}
   * when a system would not.
   */
  void process(InboxEntry entry);
}
