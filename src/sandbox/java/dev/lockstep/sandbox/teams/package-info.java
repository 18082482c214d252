/** Workflows of Microsoft Teams that take Adaptive Cards, on this machine. */
@NullMarked
package dev.lockstep.sandbox.teams;

import org.jspecify.annotations.NullMarked;
