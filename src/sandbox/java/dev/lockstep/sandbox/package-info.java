/**
 * Simulators of ServiceNow, PagerDuty and Jira Cloud, written from the vendors' documentation, and
 * the rehearsals played on them.
 */
@NullMarked
package dev.lockstep.sandbox;

import org.jspecify.annotations.NullMarked;
