package dev.lockstep.sandbox.jira;

/**
 * A link between two issues of the site.
 *
 * @param inward id of the issue that is shown {@code inwardIssue} by the other one
 * @param outward id of the issue that is shown {@code outwardIssue} by the other one
 */
record IssueLink(String id, LinkType type, String inward, String outward) {}
