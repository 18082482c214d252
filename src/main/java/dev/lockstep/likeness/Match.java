package dev.lockstep.likeness;

/** A ticket that was found to be like another. */
public record Match(String id, Likeness likeness) {}
