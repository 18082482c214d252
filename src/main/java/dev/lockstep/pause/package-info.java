/**
 * Pauses of systems and mappings, by operators and by freeze windows: what is paused, who says so,
 * and when it ends. The stages ask it before they start; what waits is released when a pause ends.
 */
@NullMarked
package dev.lockstep.pause;

import org.jspecify.annotations.NullMarked;
