package dev.lockstep.dryrun;

import java.io.IOException;
import java.util.List;

/** Starts {@code ./lockstep plan} in a process of its own, with the settings of this one. */
@FunctionalInterface
public interface PlanLauncher {

  /**
   * @param options of the command
   * @throws IOException if no process can be started
   */
  Process launch(List<String> options) throws IOException;
}
