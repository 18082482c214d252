/**
 * Traces of changes with OpenTelemetry: from the webhook or the poll, through the inbox, to the
 * calls to the other systems. Off by default.
 */
@NullMarked
package dev.lockstep.ops.spans;

import org.jspecify.annotations.NullMarked;
