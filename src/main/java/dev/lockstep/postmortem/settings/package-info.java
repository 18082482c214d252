/** How action items are planned, from {@code config/postmortems.yaml}. */
@NullMarked
package dev.lockstep.postmortem.settings;

import org.jspecify.annotations.NullMarked;
