/** Deletes what was over for long, after it was written to a file if a folder for that is set. */
@NullMarked
package dev.lockstep.retention;

import org.jspecify.annotations.NullMarked;
