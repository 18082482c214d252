package dev.lockstep.similarity;

/** The signals of a similarity score. */
public enum Signal {
  /** The cosine of their sentence embeddings. */
  EMBEDDING,
  /** Whether both report a fault, which may affect many, or are requests. */
  FAULT,
  /** The words in common, weighted by rarity. */
  WORDS,
  /** Whether they have the same service or configuration item. */
  SERVICE,
  CATEGORY,
  /** How close in time they were opened. */
  TIME
}
