/**
 * Who leads incidents: one incident manager for each active incident of the configured levels, by
 * its record or assigned here, proposals, escalation and handovers; and who is on call for its
 * service.
 */
@NullMarked
package dev.lockstep.communication.manager;

import org.jspecify.annotations.NullMarked;
