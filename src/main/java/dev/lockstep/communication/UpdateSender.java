package dev.lockstep.communication;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.communication.Cadence.Snooze;
import dev.lockstep.communication.IncidentUpdate.SentTo;
import dev.lockstep.communication.settings.Audience;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.incident.IncidentStore;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends updates, and postpones them, for a person. An update, its audit entry, the time of the next
 * one and everything that is to be delivered are one transaction. A request is carried out once.
 */
@Component
class UpdateSender {
  /** Below the limit of every target, with what Lockstep adds to it. */
  static final int LONGEST_TEXT = 3500;

  /** So that each line may be a paragraph of its own in a card. */
  private static final int MOST_LINES = 200;

  static final int LONGEST_SUBJECT = 200;
  private static final int LONGEST_KEY = 100;

  private final CadenceStore cadences;
  private final UpdateStore updates;
  private final IncidentStore incidents;
  private final Dispatcher dispatcher;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final MeterRegistry metrics;
  private final Clock clock;

  UpdateSender(
      CadenceStore cadences,
      UpdateStore updates,
      IncidentStore incidents,
      Dispatcher dispatcher,
      AuditStore audit,
      TransactionTemplate transaction,
      MeterRegistry metrics,
      Clock clock) {
    this.cadences = cadences;
    this.updates = updates;
    this.incidents = incidents;
    this.dispatcher = dispatcher;
    this.audit = audit;
    this.transaction = transaction;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * @param subject one line
   * @param key of the request: the same request again has the same
   * @param basedOn the number of the last update that the writer knew, 0 for none; null if that
   *     does not matter
   */
  record Request(String subject, String text, String key, @Nullable Integer basedOn) {
    Request {
      subject = PlainText.oneLine(subject);
      text = PlainText.normalize(text);
      require(!text.isEmpty(), "text: missing");
      require(
          text.length() <= LONGEST_TEXT,
          "text: longer than %d characters; shorten it, since not every target takes more"
              .formatted(LONGEST_TEXT));
      require(
          text.lines().count() <= MOST_LINES,
          "text: more than %d lines; shorten it, since not every target takes more"
              .formatted(MOST_LINES));
      require(!subject.isEmpty(), "subject: missing");
      require(
          subject.length() <= LONGEST_SUBJECT,
          "subject: longer than %d characters".formatted(LONGEST_SUBJECT));
      require(
          key.matches("[\\x21-\\x7e]{1,%d}".formatted(LONGEST_KEY)),
          "key: write 1 to %d letters, digits and signs".formatted(LONGEST_KEY));
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw RefusedUpdateException.invalid(otherwise);
      }
    }
  }

  /**
   * @param repeated whether the request was carried out before
   */
  record Sent(IncidentUpdate update, boolean repeated) {}

  Sent send(KnownIncident incident, Audience audience, Request request, String by) {
    Sent sent =
        Objects.requireNonNull(
            transaction.execute(status -> sendLocked(incident, audience, request, by)));
    if (!sent.repeated()) {
      metrics
          .counter(
              "lockstep.updates.sent",
              "audience",
              audience.name(),
              "late",
              String.valueOf(sent.update().late()))
          .increment();
    }
    return sent;
  }

  private Sent sendLocked(KnownIncident incident, Audience audience, Request request, String by) {
    Cadence before = lock(incident, audience);
    Optional<IncidentUpdate> carriedOut = updates.findByRequest(request.key());
    if (carriedOut.isPresent()) {
      return repeated(carriedOut.get(), incident.ref(), audience, request);
    }
    Optional<IncidentUpdate> last = updates.findLast(incident.ref(), audience.name());
    requireUpToDate(last, request);
    requireSomeone(incident, audience);
    Instant now = clock.instant();
    IncidentUpdate update =
        new IncidentUpdate(
            0,
            request.key(),
            incident.ref(),
            audience.name(),
            last.map(IncidentUpdate::number).orElse(0) + 1,
            now,
            by,
            request.subject(),
            request.text(),
            before.dueAt(),
            before.isOverdue(now),
            IncidentUpdate.Facts.of(incident),
            List.of());
    Optional<Long> id = updates.insert(update);
    if (id.isEmpty()) {
      IncidentUpdate other = updates.findByRequest(request.key()).orElseThrow();
      return repeated(other, incident.ref(), audience, request);
    }
    List<SentTo> targets =
        dispatcher.send(
            incident, audience.to(), "update:" + id.get(), request.subject(), request.text());
    updates.setTargets(id.get(), targets);
    cadences.save(current(before, incident, audience, now).sent(audience, now));
    recordSent(audience, update, targets);
    return new Sent(updates.findByRequest(request.key()).orElseThrow(), false);
  }

  /** One request at a time for each incident and audience. */
  private Cadence lock(KnownIncident incident, Audience audience) {
    Optional<Cadence> known = cadences.lock(incident.ref(), audience.name());
    while (known.isEmpty()) {
      cadences.insert(Cadence.closed(incident.ref(), audience.name(), incident.facts().level()));
      known = cadences.lock(incident.ref(), audience.name());
    }
    return known.get();
  }

  private Cadence current(Cadence before, KnownIncident incident, Audience audience, Instant now) {
    IncidentFacts facts = incidents.find(incident.ref()).orElse(incident.facts());
    boolean isCovered = !cadences.findCovered(Set.of(incident.ref())).isEmpty();
    return before.follow(audience, facts, isCovered, now);
  }

  private static Sent repeated(
      IncidentUpdate before, RecordRef incident, Audience audience, Request request) {
    boolean isSame =
        before.incident().equals(incident)
            && before.audience().equals(audience.name())
            && before.subject().equals(request.subject())
            && before.text().equals(request.text());
    if (!isSame) {
      throw RefusedUpdateException.conflict(
          "key: another update was sent with it, at %s; nothing was sent now. Use a new key."
              .formatted(DraftWriter.time(before.sentAt())));
    }
    return new Sent(before, true);
  }

  private static void requireUpToDate(Optional<IncidentUpdate> last, Request request) {
    int number = last.map(IncidentUpdate::number).orElse(0);
    if (request.basedOn() != null && request.basedOn() != number) {
      throw RefusedUpdateException.conflict(
          "Nothing was sent: update %d was sent meanwhile%s. Look at it, and draft yours again."
              .formatted(
                  number,
                  last.map(
                          update ->
                              " by %s at %s"
                                  .formatted(update.sentBy(), DraftWriter.time(update.sentAt())))
                      .orElse("")));
    }
  }

  private void requireSomeone(KnownIncident incident, Audience audience) {
    if (audience.to().stream().noneMatch(target -> dispatcher.gap(target, incident).isEmpty())) {
      throw RefusedUpdateException.conflict(
          "Nothing was sent, since it would reach nobody: "
              + audience.to().stream()
                  .map(target -> target + ": " + dispatcher.gap(target, incident))
                  .collect(Collectors.joining("; ")));
    }
  }

  private void recordSent(Audience audience, IncidentUpdate update, List<SentTo> targets) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("subject", update.subject());
    details.put("text", update.text());
    if (update.dueAt() != null) {
      details.put("due", DraftWriter.time(update.dueAt()));
    }
    details.putAll(Dispatcher.outcomes(targets));
    String text =
        "Sent update %d to %s%s"
            .formatted(update.number(), audience.title(), update.late() ? ", late" : "");
    audit.record(
        CadenceKeeper.subject(update.incident()),
        List.of(new AuditEntry("informed", text, details, update.sentBy())));
  }

  /** Postpones the update that is due. */
  void snooze(KnownIncident incident, Audience audience, Snooze snooze) {
    transaction.executeWithoutResult(
        status -> {
          Instant now = clock.instant();
          Cadence cadence =
              cadences
                  .lock(incident.ref(), audience.name())
                  .map(before -> current(before, incident, audience, now))
                  .filter(due -> due.dueAt() != null)
                  .orElseThrow(
                      () ->
                          RefusedUpdateException.conflict(
                              "No update of %s for %s is due."
                                  .formatted(incident.key(), audience.title())));
          cadences.save(cadence.snoozed(snooze));
          audit.record(
              CadenceKeeper.subject(incident.ref()),
              List.of(
                  new AuditEntry(
                      "snoozed",
                      "The update for %s is due at %s instead of %s"
                          .formatted(
                              audience.title(),
                              DraftWriter.time(snooze.until()),
                              DraftWriter.time(Objects.requireNonNull(cadence.dueAt()))),
                      Map.of("reason", snooze.reason()),
                      snooze.by())));
        });
  }
}
