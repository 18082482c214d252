/** Work on action items and their incidents, as two steps around the sync of a correlation. */
@NullMarked
package dev.lockstep.postmortem.followup;

import org.jspecify.annotations.NullMarked;
