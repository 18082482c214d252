/**
 * The port to other systems: one generic client over the folders of {@code connectors/}. One class
 * for each concern of a call (limits, credentials, errors, paging, texts); they are in one package,
 * so that only the port itself is public.
 */
@NullMarked
package dev.lockstep.connector;

import org.jspecify.annotations.NullMarked;
