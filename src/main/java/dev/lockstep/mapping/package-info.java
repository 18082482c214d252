/**
 * Loads and validates {@code mappings/}; converts native JSON to mapped values and back, without
 * I/O after loading.
 */
@NullMarked
package dev.lockstep.mapping;

import org.jspecify.annotations.NullMarked;
