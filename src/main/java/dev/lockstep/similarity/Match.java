package dev.lockstep.similarity;

/** A ticket that was found to be like another. */
public record Match(String id, Similarity similarity) {}
