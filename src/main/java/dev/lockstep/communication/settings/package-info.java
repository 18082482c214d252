/** Who is informed, how often and where: {@code config/communications.yaml} and its templates. */
@NullMarked
package dev.lockstep.communication.settings;

import org.jspecify.annotations.NullMarked;
