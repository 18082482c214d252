package dev.lockstep.sandbox.jira;

/**
 * A part of a project.
 *
 * @param name unique in its project, and there alone
 */
record Component(String id, String name, String projectId) {}
