/**
 * A Slack workspace on this machine: the Web API, the Events API, and people who write in channels.
 */
@NullMarked
package dev.lockstep.sandbox.slack;

import org.jspecify.annotations.NullMarked;
