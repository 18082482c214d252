/**
 * Runs the service's own steps against copies of its tables, with writes that are recorded instead
 * of sent: what {@code ./lockstep plan} shows.
 */
@NullMarked
package dev.lockstep.dryrun;

import org.jspecify.annotations.NullMarked;
