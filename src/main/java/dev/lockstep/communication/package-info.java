/**
 * Keeps the stakeholders of incidents informed: when an update for each audience is due, a draft of
 * it, reminders and escalations, and sending what an incident manager wrote to records and
 * channels.
 */
@NullMarked
package dev.lockstep.communication;

import org.jspecify.annotations.NullMarked;
