package dev.lockstep.sandbox.incidentio;

import dev.lockstep.sandbox.incidentio.Organisation.Member;
import org.jspecify.annotations.Nullable;

/**
 * Who acts.
 *
 * @param member null for the API key
 */
record IncidentActor(@Nullable Member member) {
  static final IncidentActor API_KEY = new IncidentActor(null);
}
