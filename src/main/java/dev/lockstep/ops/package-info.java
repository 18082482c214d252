/** What keeps the process well: settings, database, health and metrics. */
@NullMarked
package dev.lockstep.ops;

import org.jspecify.annotations.NullMarked;
