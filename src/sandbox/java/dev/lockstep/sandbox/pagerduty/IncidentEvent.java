package dev.lockstep.sandbox.pagerduty;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in the account.
 *
 * @param incident the incident as it was then
 * @param at the {@code occurred_at} of the webhook, in milliseconds, rising within an incident
 * @param note what was added, for {@link EventType#ANNOTATED}
 * @param statusUpdate what was published, for {@link EventType#STATUS_UPDATE_PUBLISHED}
 * @param task the task as it was then, for {@code TASK_...}
 */
public record IncidentEvent(
    EventType what,
    PagerDutyIncident incident,
    Agent by,
    Instant at,
    @Nullable Note note,
    @Nullable StatusUpdate statusUpdate,
    @Nullable IncidentTask task) {}
