/**
 * Rehearsals: a written outage, or a recorded log, played by people in both sandboxes while a real
 * Lockstep runs between them; then both sandboxes are read and compared. Nothing here knows how
 * Lockstep works, so that it can prove it wrong.
 */
@NullMarked
package dev.lockstep.sandbox.demo;

import org.jspecify.annotations.NullMarked;
