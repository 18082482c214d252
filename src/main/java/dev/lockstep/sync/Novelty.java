package dev.lockstep.sync;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a record or a note counts as new. Webhooks and polls report it within this time, so that
 * one which is older when it is first received may have been synced before the database knew it:
 * the database was restored from an older backup, or retention has deleted what was known.
 */
public record Novelty(Duration length) {

  boolean isNew(Instant written, Instant now) {
    return written.isAfter(now.minus(length));
  }
}
