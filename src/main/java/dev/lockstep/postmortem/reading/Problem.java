package dev.lockstep.postmortem.reading;

/**
 * One sentence on what is wrong and how to mend it.
 *
 * @param line of the file, from 1 on
 */
public record Problem(int line, String text) {}
