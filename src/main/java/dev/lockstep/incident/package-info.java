/**
 * What Lockstep knows of each incident: its priority, stage, times and incident manager. A step of
 * processing an entry keeps it current.
 */
@NullMarked
package dev.lockstep.incident;

import org.jspecify.annotations.NullMarked;
