/** What operators decide about duplicates; read from the settings, checked before the start. */
@NullMarked
package dev.lockstep.duplicates.settings;

import org.jspecify.annotations.NullMarked;
