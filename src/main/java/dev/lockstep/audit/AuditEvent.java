package dev.lockstep.audit;

import java.time.Instant;

/** A stored entry. */
public record AuditEvent(AuditSubject subject, Instant at, AuditEntry entry) {}
