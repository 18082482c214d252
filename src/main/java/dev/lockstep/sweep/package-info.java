/** Polls and drift checks that feed the same inbox the webhooks feed. */
@NullMarked
package dev.lockstep.sweep;

import org.jspecify.annotations.NullMarked;
