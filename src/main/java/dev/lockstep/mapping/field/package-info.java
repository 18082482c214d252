/**
 * One field of a mapping: its two sides, when it is synced, and how a native value becomes a mapped
 * value and back.
 */
@NullMarked
package dev.lockstep.mapping.field;

import org.jspecify.annotations.NullMarked;
