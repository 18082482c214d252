package dev.lockstep.connector;

/**
 * Someone who is on call now.
 *
 * @param person a key that systems share, usually an e-mail address
 * @param level those with the lowest are called first
 */
public record OnCall(String person, int level) {}
