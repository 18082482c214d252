/** Reads the YAML files that operators edit and reports what is wrong with them, line by line. */
@NullMarked
package dev.lockstep.ops.yaml;

import org.jspecify.annotations.NullMarked;
