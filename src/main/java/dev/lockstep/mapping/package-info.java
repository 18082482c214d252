/**
 * Reads and checks {@code mappings/}; turns a system's JSON into mapped values and back; pure after
 * load.
 */
@NullMarked
package dev.lockstep.mapping;

import org.jspecify.annotations.NullMarked;
