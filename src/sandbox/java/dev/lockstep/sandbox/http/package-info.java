/**
 * The HTTP core of the simulators: one server, routing, rate limit, fault injection, call counters
 * and webhook delivery. Each simulator declares its routes and its vendor's rules on top.
 */
@NullMarked
package dev.lockstep.sandbox.http;

import org.jspecify.annotations.NullMarked;
