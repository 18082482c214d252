package dev.lockstep.sandbox.jira;

/** On whose behalf something is done, and whether that came over HTTP. */
record Author(JiraUser user, boolean overHttp) {}
