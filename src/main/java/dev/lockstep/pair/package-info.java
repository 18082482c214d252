/** Which records are kept in sync, their base and their notes. */
@NullMarked
package dev.lockstep.pair;

import org.jspecify.annotations.NullMarked;
