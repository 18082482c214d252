/**
 * Recurring incidents and the problems they have in common: proposes them, has them created as
 * records by a mapping, and links their incidents.
 */
@NullMarked
package dev.lockstep.problem;

import org.jspecify.annotations.NullMarked;
