package dev.lockstep.sandbox.pagerduty;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A status update sent to stakeholders. */
public record StatusUpdate(
    String id,
    String incidentId,
    String message,
    PagerDutyUser sender,
    Instant createdAt,
    @Nullable String subject,
    @Nullable String htmlMessage) {}
