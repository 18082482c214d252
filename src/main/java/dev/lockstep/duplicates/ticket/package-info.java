/** What is remembered of tickets and of duplicates, and the search for what is alike. */
@NullMarked
package dev.lockstep.duplicates.ticket;

import org.jspecify.annotations.NullMarked;
