/** Work on action items and their incidents, as handlers of the inbox. */
@NullMarked
package dev.lockstep.postmortem.followup;

import org.jspecify.annotations.NullMarked;
