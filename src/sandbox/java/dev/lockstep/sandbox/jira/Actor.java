package dev.lockstep.sandbox.jira;

/** On whose behalf something is done, and whether that came over HTTP. */
record Actor(User user, boolean overHttp) {}
