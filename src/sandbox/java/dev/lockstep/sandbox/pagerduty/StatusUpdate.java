package dev.lockstep.sandbox.pagerduty;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What stakeholders were told about an incident. */
public record StatusUpdate(
    String id,
    String incidentId,
    String message,
    PagerDutyUser sender,
    Instant createdAt,
    @Nullable String subject,
    @Nullable String htmlMessage) {}
