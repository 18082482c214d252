package dev.lockstep.sandbox.incidentio;

import dev.lockstep.sandbox.incidentio.Organisation.LifecycleStatus;
import dev.lockstep.sandbox.incidentio.Organisation.Severity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Made when a status or a severity changes, or when somebody shares a message.
 *
 * @param message empty for none
 * @param mergedInto null unless the incident was merged
 */
record SharedUpdate(
    String id,
    String incident,
    LifecycleStatus status,
    @Nullable Severity severity,
    String message,
    IncidentActor updater,
    Instant at,
    @Nullable String mergedInto) {}
