/**
 * Reads a Markdown postmortem: the bytes of a file come in; its incident, its action items, and
 * what could not be read with its line go out. Nothing here touches files, networks or time.
 */
@NullMarked
package dev.lockstep.postmortem.parse;

import org.jspecify.annotations.NullMarked;
