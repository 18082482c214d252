package dev.lockstep.similarity;

/**
 * The contribution of one signal to a score.
 *
 * @param points added to the score; negative points lower it
 * @param text one line for users, for example {@code words in common: login, portal, timeout}
 */
public record Reason(Signal signal, double points, String text) {}
