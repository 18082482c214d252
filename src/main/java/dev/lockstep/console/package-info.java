/** The web console for operators: pages rendered on the server, over the same calls as the API. */
@NullMarked
package dev.lockstep.console;

import org.jspecify.annotations.NullMarked;
