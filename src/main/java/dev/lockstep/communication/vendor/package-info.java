/**
 * When vendors report on their tickets of an incident: due times by level, escalation to the vendor
 * and to the people who lead the incident.
 */
@NullMarked
package dev.lockstep.communication.vendor;

import org.jspecify.annotations.NullMarked;
