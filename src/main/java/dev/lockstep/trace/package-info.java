/**
 * Read models over the whole chain: incident, alert, duplicates, postmortem, action items and
 * changes; and the report of items that need attention. Reads the tables only, calls no system, and
 * changes nothing.
 */
@NullMarked
package dev.lockstep.trace;

import org.jspecify.annotations.NullMarked;
