/** What was done and decided, by whom and when: one table for all subjects. */
@NullMarked
package dev.lockstep.audit;

import org.jspecify.annotations.NullMarked;
