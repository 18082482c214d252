package dev.lockstep.sandbox.pagerduty;

/**
 * A rotation that a level of an escalation policy calls.
 *
 * @param level counted from 1
 */
public record Schedule(String id, String name, EscalationPolicy policy, int level) {}
