/** Which records are kept in step, their base, what was carried and what happened when. */
@NullMarked
package dev.lockstep.pair;

import org.jspecify.annotations.NullMarked;
