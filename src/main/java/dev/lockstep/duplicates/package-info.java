/**
 * Recognises tickets that are about the same: what a record says comes in before it begins a pair,
 * proposals and consolidations go out. Everything it decides can be undone.
 */
@NullMarked
package dev.lockstep.duplicates;

import org.jspecify.annotations.NullMarked;
