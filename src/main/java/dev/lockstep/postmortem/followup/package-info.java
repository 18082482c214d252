/** What is done about action items and the incidents they come from, in the passes of the inbox. */
@NullMarked
package dev.lockstep.postmortem.followup;

import org.jspecify.annotations.NullMarked;
