package dev.lockstep.similarity;

import org.jspecify.annotations.Nullable;

/** Computes sentence embeddings, so that texts without common words can be compared. */
@FunctionalInterface
public interface Embedding {

  /** A vector of length one; null if there is none. */
  float @Nullable [] embed(String text);

  /** Embeddings switched off: no model is loaded. */
  static Embedding none() {
    return text -> null;
  }
}
