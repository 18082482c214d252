package dev.lockstep.sandbox.jira;

import java.util.List;

/** A project with the types of issues it has and the one workflow they go through. */
public record Project(
    String id,
    String key,
    String name,
    boolean serviceDesk,
    List<NamedValue> issueTypes,
    Workflow workflow) {}
