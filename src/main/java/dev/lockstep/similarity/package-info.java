/**
 * Says how alike two tickets are and why: texts come in, a score with its reasons goes out. It
 * knows no system, keeps nothing beyond its index in memory, and asks nobody.
 */
@NullMarked
package dev.lockstep.similarity;

import org.jspecify.annotations.NullMarked;
