/** Who may call what: users, API tokens, roles, log-in. */
@NullMarked
package dev.lockstep.access;

import org.jspecify.annotations.NullMarked;
