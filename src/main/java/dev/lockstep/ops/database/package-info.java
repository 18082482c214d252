/**
 * The address of the database, the PostgreSQL server that Lockstep starts itself if none is
 * configured, and how texts and JSON are stored in it.
 */
@NullMarked
package dev.lockstep.ops.database;

import org.jspecify.annotations.NullMarked;
