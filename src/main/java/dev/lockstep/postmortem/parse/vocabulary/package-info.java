/**
 * Recognizes headings, columns, dates, statuses, owners and tickets in the languages of the
 * vocabulary. Text in, a recognized value or its position out.
 */
@NullMarked
package dev.lockstep.postmortem.parse.vocabulary;

import org.jspecify.annotations.NullMarked;
