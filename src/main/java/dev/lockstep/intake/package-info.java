/**
 * Verifies and normalises webhooks and stores them in the inbox. In one package, so that nobody
 * else sees a webhook that is not verified.
 */
@NullMarked
package dev.lockstep.intake;

import org.jspecify.annotations.NullMarked;
