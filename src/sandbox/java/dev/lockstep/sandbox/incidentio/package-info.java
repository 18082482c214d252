/**
 * An incident.io organisation that runs on this machine: its public API and webhooks as its
 * published documents describe them, none of it shared with the connector that it judges.
 */
@NullMarked
package dev.lockstep.sandbox.incidentio;

import org.jspecify.annotations.NullMarked;
