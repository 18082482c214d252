package dev.lockstep.similarity;

/** What can speak for or against two tickets being about the same. */
public enum Signal {
  /** The cosine of their sentence embeddings. */
  EMBEDDING,
  /** Whether both report a fault, which may be that of many, or ask for something. */
  FAULT,
  /** The words they share, the rare ones more. */
  WORDS,
  /** The same service or configuration item, or another one. */
  SERVICE,
  CATEGORY,
  /** How near in time they were opened. */
  TIME
}
