package dev.lockstep.similarity;

/**
 * One signal's part in a score.
 *
 * @param points how much it moved the score; below zero: against
 * @param text one line for people, for example {@code words in common: login, portal, timeout}
 */
public record Reason(Signal signal, double points, String text) {}
