/**
 * A PagerDuty account that runs on this machine: REST API v2 and V3 webhooks as PagerDuty's
 * published documents describe them, none of it shared with the connector that it judges.
 */
@NullMarked
package dev.lockstep.sandbox.pagerduty;

import org.jspecify.annotations.NullMarked;
