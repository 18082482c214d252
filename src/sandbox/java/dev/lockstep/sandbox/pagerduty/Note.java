package dev.lockstep.sandbox.pagerduty;

import java.time.Instant;

/** A note on an incident. */
public record Note(
    String id, String incidentId, String content, PagerDutyUser author, Instant createdAt) {}
