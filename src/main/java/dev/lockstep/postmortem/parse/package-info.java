/**
 * Parses a Markdown postmortem. Input: the bytes of a file. Output: its incident, its action items,
 * and what could not be read, with line numbers. Uses no files, network or clock.
 */
@NullMarked
package dev.lockstep.postmortem.parse;

import org.jspecify.annotations.NullMarked;
