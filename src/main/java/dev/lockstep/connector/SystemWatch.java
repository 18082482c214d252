package dev.lockstep.connector;

import java.util.List;
import java.util.Set;

/** Checks that are asked again and again while Lockstep runs. */
public interface SystemWatch {

  /**
   * The result of such a check.
   *
   * @param repaired ids of what was switched on again
   */
  record Watched(Finding finding, List<String> repaired) {}

  /** Names of the checks of a system that declare a repair. */
  List<String> repairable(String system);

  /**
   * Asks one of {@link #repairable}. May throw as {@link Connectors} does: it is to be asked again
   * later.
   *
   * @param eventTypes that webhooks of the system are used for
   * @param repairs whether to carry the repair out, which writes to the system's configuration
   */
  Watched watch(String system, String name, Set<String> eventTypes, boolean repairs);
}
