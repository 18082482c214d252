/** Action items as reported by their sources, and their status. */
@NullMarked
package dev.lockstep.postmortem.actionitem;

import org.jspecify.annotations.NullMarked;
