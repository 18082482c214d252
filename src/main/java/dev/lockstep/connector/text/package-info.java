/**
 * The formats in which systems keep texts: what they hold is read as plain text and written from
 * it, so that two systems agree on a text whatever each of them keeps it as.
 */
@NullMarked
package dev.lockstep.connector.text;

import org.jspecify.annotations.NullMarked;
