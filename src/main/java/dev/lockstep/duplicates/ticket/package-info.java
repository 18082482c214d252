/** The stores of tickets and duplicates, and the search for similar tickets. */
@NullMarked
package dev.lockstep.duplicates.ticket;

import org.jspecify.annotations.NullMarked;
