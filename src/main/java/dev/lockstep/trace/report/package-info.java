/** Figures over many incidents: how long they took, how often they recur, what became of them. */
@NullMarked
package dev.lockstep.trace.report;

import org.jspecify.annotations.NullMarked;
