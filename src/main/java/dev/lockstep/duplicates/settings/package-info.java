/** The duplicate settings, validated before startup. */
@NullMarked
package dev.lockstep.duplicates.settings;

import org.jspecify.annotations.NullMarked;
