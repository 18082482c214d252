/**
 * A ServiceNow instance to rehearse against: the Table API as ServiceNow documents it, over HTTP
 * and in memory. It shares no code with the connectors, or it would prove nothing about them.
 */
@NullMarked
package dev.lockstep.sandbox.servicenow;

import org.jspecify.annotations.NullMarked;
