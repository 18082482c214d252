package dev.lockstep.sandbox.pagerduty;

/** A person with a login. PagerDuty finds people by e-mail in the {@code From} header. */
public record PagerDutyUser(String id, String name, String email) {}
