package dev.lockstep.similarity;

import org.jspecify.annotations.Nullable;

/** Turns a text into its meaning, so that texts can be compared that share no word. */
@FunctionalInterface
public interface Embedding {

  /** A vector of length one; null when there is none to be had. */
  float @Nullable [] embed(String text);

  /** Embeddings switched off: nothing is ever loaded. */
  static Embedding none() {
    return text -> null;
  }
}
