/** Polls and drift checks that feed the same inbox the webhooks feed. */
@NullMarked
package dev.lockstep.poll;

import org.jspecify.annotations.NullMarked;
