/** Paths into JSON documents, as mappings, connectors and webhooks write them; JDK and Jackson. */
@NullMarked
package dev.lockstep.json;

import org.jspecify.annotations.NullMarked;
