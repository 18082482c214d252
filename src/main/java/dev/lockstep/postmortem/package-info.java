/**
 * From action items of postmortems to deployed changes: import, follow-up, and the guard at
 * closure.
 */
@NullMarked
package dev.lockstep.postmortem;

import org.jspecify.annotations.NullMarked;
