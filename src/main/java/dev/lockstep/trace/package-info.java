/**
 * Reads the whole chain back: incident, alert, duplicates, postmortem, action items, changes; and
 * what of it needs somebody. Asks the tables only, never a system, and changes nothing.
 */
@NullMarked
package dev.lockstep.trace;

import org.jspecify.annotations.NullMarked;
