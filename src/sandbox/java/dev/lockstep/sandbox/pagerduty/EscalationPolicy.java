package dev.lockstep.sandbox.pagerduty;

import java.util.List;

/**
 * Whom PagerDuty notifies, in order.
 *
 * @param levels the user on call at each level, the first is called first; empty: nobody is on call
 */
public record EscalationPolicy(String id, String name, List<PagerDutyUser> levels) {

  public EscalationPolicy {
    levels = List.copyOf(levels);
  }
}
