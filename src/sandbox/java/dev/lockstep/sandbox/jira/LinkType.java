package dev.lockstep.sandbox.jira;

/**
 * How two issues can be linked.
 *
 * @param inward what the link is called on its inward issue: "is duplicated by"
 * @param outward what it is called on its outward issue: "duplicates"
 */
public record LinkType(String id, String name, String inward, String outward) {}
