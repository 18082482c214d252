package dev.lockstep.sandbox.pagerduty;

/** What incidents are opened on; its escalation policy says who gets them. */
public record Service(String id, String name, EscalationPolicy escalationPolicy) {}
