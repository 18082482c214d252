/**
 * A status page that runs on this machine: REST API v1 as Atlassian's published document describes
 * it, none of it shared with the connector that it judges.
 */
@NullMarked
package dev.lockstep.sandbox.statuspage;

import org.jspecify.annotations.NullMarked;
