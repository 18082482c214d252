/** Polls for missed changes; its events enter the same inbox as webhooks. */
@NullMarked
package dev.lockstep.poll;

import org.jspecify.annotations.NullMarked;
