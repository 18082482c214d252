/**
 * Computes how similar two tickets are and why: texts in, a score with reasons out. Independent of
 * systems and storage; its only state is the in-memory index.
 */
@NullMarked
package dev.lockstep.similarity;

import org.jspecify.annotations.NullMarked;
