package dev.lockstep.postmortem.parse;

/**
 * One sentence that describes the problem and its correction.
 *
 * @param line of the file, from 1
 */
public record ParseProblem(int line, String text) {}
