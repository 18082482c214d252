/**
 * Compares what the systems show with what Lockstep knows, regardless of webhooks and polls, and
 * reports or repairs what was missed.
 */
@NullMarked
package dev.lockstep.reconcile;

import org.jspecify.annotations.NullMarked;
