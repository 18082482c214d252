/** Operations: settings, database, security, health and metrics. */
@NullMarked
package dev.lockstep.ops;

import org.jspecify.annotations.NullMarked;
