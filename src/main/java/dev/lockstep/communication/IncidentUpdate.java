package dev.lockstep.communication;

import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An update that was sent.
 *
 * @param number counted from 1 for its incident and audience
 * @param dueAt when it was due; null if it was not
 * @param facts of the incident when it was sent
 */
record IncidentUpdate(
    long id,
    String requestKey,
    RecordRef incident,
    String audience,
    int number,
    Instant sentAt,
    String sentBy,
    String subject,
    String text,
    @Nullable Instant dueAt,
    boolean late,
    Facts facts,
    List<SentTo> targets) {

  /** What the next update compares the incident with; all as people read it. */
  record Facts(String level, String stage, String service, String team, String manager) {
    static Facts of(KnownIncident incident) {
      IncidentFacts facts = incident.facts();
      return new Facts(
          facts.level(),
          DraftWriter.words(facts.stage()),
          facts.service(),
          facts.team(),
          incident.manager());
    }
  }

  /**
   * Where it went.
   *
   * @param target as in the settings, for example {@code servicenow (public)}
   * @param notes the records that get it as a note
   * @param messages the ids of messages in the outbox
   * @param gap why it reached nobody; empty if it did
   */
  record SentTo(String target, List<String> notes, List<String> messages, String gap) {}
}
