/**
 * Converts between plain text and the text formats of systems, so that two systems with different
 * formats agree on a text.
 */
@NullMarked
package dev.lockstep.connector.text;

import org.jspecify.annotations.NullMarked;
