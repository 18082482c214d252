package dev.lockstep.communication.settings;

import dev.lockstep.communication.settings.CommunicationSettings.Escalation;
import java.time.Duration;
import java.util.List;

/**
 * Who leads incidents: the section {@code incident-manager}.
 *
 * @param levels whose incidents need a manager of their own, the most urgent first; empty: none do
 * @param within how long an incident may be without one until it is escalated
 * @param automatic whether Lockstep assigns candidates; otherwise it proposes them
 * @param candidates in the order in which they are asked
 * @param precedence which incident gets a manager first: the first of these in which two differ
 * @param escalate the steps, the earliest first, counted from the end of {@code within}
 */
public record ManagerRules(
    List<String> levels,
    Duration within,
    boolean automatic,
    List<ManagerCandidate> candidates,
    List<Precedence> precedence,
    List<Escalation> escalate) {

  public static final ManagerRules OFF =
      new ManagerRules(List.of(), Duration.ZERO, false, List.of(), List.of(), List.of());

  public ManagerRules {
    levels = List.copyOf(levels);
    candidates = List.copyOf(candidates);
    precedence = List.copyOf(precedence);
    escalate = List.copyOf(escalate);
  }

  public boolean isOn() {
    return !levels.isEmpty();
  }
}
