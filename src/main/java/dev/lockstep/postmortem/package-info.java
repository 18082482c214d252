/**
 * From postmortem action items to changes that are deployed: filing, following, and the guard at
 * closure.
 */
@NullMarked
package dev.lockstep.postmortem;

import org.jspecify.annotations.NullMarked;
