package dev.lockstep.sync;

/** One step of processing an inbox entry; it calls the next one when its turn has come. */
public interface Step {

  /**
   * Must be idempotent: it may run again after a crash at any point. Throws as {@link
   * dev.lockstep.inbox.EntryHandler}.
   */
  void process(Pass pass);
}
