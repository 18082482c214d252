/**
 * A Jira Cloud site that runs on this machine: REST API v3 and webhooks as Atlassian's published
 * documents describe them, none of it shared with the connector that it judges.
 */
@NullMarked
package dev.lockstep.sandbox.jira;

import org.jspecify.annotations.NullMarked;
