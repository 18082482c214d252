/** Action items, as they were said and as they stand. */
@NullMarked
package dev.lockstep.postmortem.actionitem;

import org.jspecify.annotations.NullMarked;
