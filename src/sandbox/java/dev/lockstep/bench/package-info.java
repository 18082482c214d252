/**
 * Measures how well and how fast duplicates are recognised: labelled issues come in, figures go
 * out. It replays them through the engine as it is run, beside three simple methods.
 */
@NullMarked
package dev.lockstep.bench;

import org.jspecify.annotations.NullMarked;
