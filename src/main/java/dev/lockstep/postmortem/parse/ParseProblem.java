package dev.lockstep.postmortem.parse;

/**
 * One sentence on what is wrong and how to mend it.
 *
 * @param line of the file, from 1 on
 */
public record ParseProblem(int line, String text) {}
