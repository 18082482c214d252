/** Which records are kept in sync, their base, their notes and their audit. */
@NullMarked
package dev.lockstep.pair;

import org.jspecify.annotations.NullMarked;
