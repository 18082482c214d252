/** Turns the action items of a postmortem into change requests. */
@NullMarked
package dev.lockstep.postmortem;

import org.jspecify.annotations.NullMarked;
