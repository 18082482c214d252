/** What happened to an incident, in all its records, in order. Reads tables only. */
@NullMarked
package dev.lockstep.trace.timeline;

import org.jspecify.annotations.NullMarked;
