package dev.lockstep.sandbox.jira;

/** One of a list that is configured: an issue type, a priority, a resolution, an option. */
public record NamedValue(String id, String name) {}
