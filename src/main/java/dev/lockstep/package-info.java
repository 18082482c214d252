/** Entry point and application configuration. */
@NullMarked
package dev.lockstep;

import org.jspecify.annotations.NullMarked;
