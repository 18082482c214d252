/** Measures Lockstep, run as the process it is, between the two sandboxes. */
@NullMarked
package dev.lockstep.sandbox.bench;

import org.jspecify.annotations.NullMarked;
