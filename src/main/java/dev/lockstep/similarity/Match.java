package dev.lockstep.similarity;

/** A similar ticket. */
public record Match(String id, Similarity similarity) {}
