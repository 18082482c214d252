/**
 * The address of the database, and the PostgreSQL server that Lockstep starts itself if none is
 * configured.
 */
@NullMarked
package dev.lockstep.ops.database;

import org.jspecify.annotations.NullMarked;
