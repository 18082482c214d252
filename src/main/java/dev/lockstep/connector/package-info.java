/** The port to other systems: one generic client over the folders of {@code connectors/}. */
@NullMarked
package dev.lockstep.connector;

import org.jspecify.annotations.NullMarked;
