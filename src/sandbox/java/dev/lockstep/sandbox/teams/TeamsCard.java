package dev.lockstep.sandbox.teams;

import java.time.Instant;
import java.util.List;

/**
 * An Adaptive Card that a workflow posted.
 *
 * @param workflow the workflow's name
 * @param lines the text of each of its blocks; the first is its title
 */
public record TeamsCard(String workflow, Instant at, List<String> lines) {
  public TeamsCard {
    lines = List.copyOf(lines);
  }

  public String title() {
    return lines.isEmpty() ? "" : lines.get(0);
  }

  /** All of it, a line for each block. */
  public String text() {
    return String.join("\n", lines);
  }
}
