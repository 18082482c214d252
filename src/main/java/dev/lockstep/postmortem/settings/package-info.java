/** How action items are planned, as {@code config/postmortems.yaml} says. */
@NullMarked
package dev.lockstep.postmortem.settings;

import org.jspecify.annotations.NullMarked;
