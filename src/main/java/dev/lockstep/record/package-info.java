/** Value types that all stages share: records, notes and versions. Depends on the JDK only. */
@NullMarked
package dev.lockstep.record;

import org.jspecify.annotations.NullMarked;
