package dev.lockstep.communication;

import dev.lockstep.communication.Cadence.Snooze;
import dev.lockstep.communication.settings.Audience;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.pair.Correlation;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What incident managers see and do. Methods that change something record it in the audit. */
@Component
public class Communications {
  private static final Duration LONGEST_SNOOZE = Duration.ofHours(24);
  private static final Duration SHORTEST_SNOOZE = Duration.ofMinutes(1);

  private final CommunicationSettings settings;
  private final IncidentSearch search;
  private final CadenceStore cadences;
  private final UpdateStore updates;
  private final UpdateViews views;
  private final DraftWriter drafts;
  private final Dispatcher dispatcher;
  private final UpdateSender sender;
  private final Clock clock;

  Communications(
      CommunicationSettings settings,
      IncidentSearch search,
      CadenceStore cadences,
      UpdateStore updates,
      UpdateViews views,
      DraftWriter drafts,
      Dispatcher dispatcher,
      UpdateSender sender,
      Clock clock) {
    this.settings = settings;
    this.search = search;
    this.cadences = cadences;
    this.updates = updates;
    this.views = views;
    this.drafts = drafts;
    this.dispatcher = dispatcher;
    this.sender = sender;
    this.clock = clock;
  }

  /** When an update is due. */
  public enum DueState {
    DUE,
    OVERDUE,
    /** Due, at a time to which someone has postponed it. */
    SNOOZED
  }

  /**
   * An update that is due.
   *
   * @param isLast whether no more follow
   * @param snoozedBy empty if nobody has postponed it, as {@code reason}
   * @param lastSentAt null if none was sent
   */
  public record Due(
      Incident incident,
      String audience,
      String audienceTitle,
      Instant dueAt,
      DueState state,
      boolean isLast,
      String snoozedBy,
      String reason,
      @Nullable Instant lastSentAt) {}

  /**
   * @param ref the record that is the incident
   * @param url empty if its system has none
   * @param level empty if it is in none
   */
  public record Incident(
      String ref,
      String key,
      String title,
      String url,
      String level,
      String stage,
      String service,
      String team,
      String manager) {}

  /**
   * An update that was sent.
   *
   * @param number counted from 1 for its incident and audience
   * @param dueAt null if it was not due
   */
  public record Update(
      int number,
      String audience,
      String audienceTitle,
      Instant sentAt,
      String sentBy,
      String subject,
      String text,
      @Nullable Instant dueAt,
      boolean late,
      List<Delivered> targets) {}

  /**
   * @param target for example {@code servicenow (public)}
   * @param state {@code SENT}, {@code WAITING}, {@code DEAD_LETTER}, {@code DISCARDED}, or {@code
   *     GAP} if it reaches nobody
   * @param gap why; empty otherwise
   */
  public record Delivered(String target, String state, String gap) {}

  /** An audience to which an update can be sent. */
  public record AudienceName(String name, String title) {}

  /**
   * @param updates newest first
   */
  public record Detail(
      Incident incident, List<Due> due, List<Update> updates, List<AudienceName> audiences) {}

  /**
   * @param dueAt null if none is due
   * @param basedOn the number of the last update, 0 for none
   * @param targets with the reason of those that would get nothing
   */
  public record Draft(
      Incident incident,
      String audience,
      String audienceTitle,
      String subject,
      String text,
      @Nullable Instant dueAt,
      int basedOn,
      List<Reached> targets) {}

  /**
   * @param gap why it would get nothing; empty if it would get it
   */
  public record Reached(String target, String gap) {}

  /**
   * @param repeated whether the request was carried out before; nothing was sent again
   */
  public record Outcome(Update update, boolean repeated) {}

  /** Those that are configured; without any, nothing is due. */
  public List<AudienceName> audiences() {
    return settings.audiences().stream()
        .map(audience -> new AudienceName(audience.name(), audience.title()))
        .toList();
  }

  /** How many updates are overdue: a count for each audience. */
  public long countOverdue() {
    return settings.audiences().stream()
        .mapToLong(audience -> cadences.countOverdue(audience.name(), clock.instant()))
        .sum();
  }

  /** Everything that is due, first due first. */
  public List<Due> list() {
    List<Cadence> due = cadences.findDue();
    Map<RecordRef, KnownIncident> found =
        search.findAll(due.stream().map(Cadence::incident).distinct().toList());
    return due.stream()
        .flatMap(
            cadence ->
                Optional.ofNullable(found.get(cadence.incident())).stream()
                    .flatMap(incident -> views.due(incident, cadence).stream()))
        .toList();
  }

  /**
   * @param name the key or id of one of the incident's records
   * @throws RefusedUpdateException if there is no such incident
   */
  public Detail show(String name) {
    return show(search.find(name));
  }

  /** Empty if the records are no incident, or nothing is configured and nothing was sent. */
  public Optional<Detail> find(Correlation correlation) {
    return search
        .find(correlation)
        .map(this::show)
        .filter(detail -> !detail.audiences().isEmpty() || !detail.updates().isEmpty());
  }

  /** What is due for it. */
  public List<Due> due(KnownIncident incident) {
    return cadences.find(incident.ref()).stream()
        .flatMap(cadence -> views.due(incident, cadence).stream())
        .toList();
  }

  private Detail show(KnownIncident incident) {
    return new Detail(
        UpdateViews.incident(incident),
        due(incident),
        updates.findAll(incident.ref()).stream().map(views::update).toList(),
        audiences());
  }

  /**
   * @param next what happens next; may be empty
   * @throws RefusedUpdateException if there is no such incident or audience
   */
  public Draft draft(String name, String audienceName, String next) {
    KnownIncident incident = search.find(name);
    Audience audience = require(audienceName);
    Optional<IncidentUpdate> last = updates.findLast(incident.ref(), audience.name());
    DraftWriter.Text text = drafts.write(audience, incident, last, next);
    return new Draft(
        UpdateViews.incident(incident),
        audience.name(),
        audience.title(),
        text.subject(),
        text.text(),
        cadences.find(incident.ref()).stream()
            .filter(cadence -> cadence.audience().equals(audience.name()))
            .flatMap(cadence -> Optional.ofNullable(cadence.dueAt()).stream())
            .findFirst()
            .orElse(null),
        last.map(IncidentUpdate::number).orElse(0),
        audience.to().stream()
            .map(target -> new Reached(target.toString(), dispatcher.gap(target, incident)))
            .toList());
  }

  /**
   * Sends an update, due or not.
   *
   * @param subject one line; empty: as drafted
   * @param key identifies the request: the same request again sends nothing; empty: none
   * @param basedOn the number of the last update that the writer knew; null if it does not matter
   * @throws RefusedUpdateException if something is wrong, or nobody would get it; nothing was sent
   */
  public Outcome send(
      String name,
      String audienceName,
      String subject,
      String text,
      String key,
      @Nullable Integer basedOn,
      String by) {
    KnownIncident incident = search.find(name);
    Audience audience = require(audienceName);
    String request = key.isBlank() ? UUID.randomUUID().toString() : key.strip();
    String title = subject.isBlank() ? usualSubject(incident, audience, request) : subject;
    UpdateSender.Sent sent =
        sender.send(
            incident, audience, new UpdateSender.Request(title, text, request, basedOn), by);
    return new Outcome(views.update(sent.update()), sent.repeated());
  }

  /** As drafted; of a request that was carried out, as it was then. */
  private String usualSubject(KnownIncident incident, Audience audience, String request) {
    return updates
        .findByRequest(request)
        .map(IncidentUpdate::subject)
        .orElseGet(
            () ->
                drafts
                    .write(
                        audience, incident, updates.findLast(incident.ref(), audience.name()), "")
                    .subject());
  }

  /**
   * Postpones the update that is due.
   *
   * @param length from a minute to 24 hours, from now
   * @param reason why, for the audit
   * @throws RefusedUpdateException if none is due, or something is wrong
   */
  public Due snooze(String name, String audienceName, Duration length, String reason, String by) {
    KnownIncident incident = search.find(name);
    Audience audience = require(audienceName);
    String why = PlainText.oneLine(reason);
    if (why.isEmpty()) {
      throw RefusedUpdateException.invalid("reason: missing; say why, for the audit");
    }
    if (length.compareTo(SHORTEST_SNOOZE) < 0 || length.compareTo(LONGEST_SNOOZE) > 0) {
      throw RefusedUpdateException.invalid("for: write a duration from 1m to 24h");
    }
    sender.snooze(incident, audience, new Snooze(clock.instant().plus(length), why, by));
    return cadences.find(incident.ref()).stream()
        .filter(cadence -> cadence.audience().equals(audience.name()))
        .flatMap(cadence -> views.due(incident, cadence).stream())
        .findFirst()
        .orElseThrow();
  }

  private Audience require(String name) {
    List<String> names = settings.audiences().stream().map(Audience::name).toList();
    return settings
        .audience(name.strip())
        .orElseThrow(
            () ->
                name.isBlank()
                    ? RefusedUpdateException.invalid("audience: missing" + Suggestion.of("", names))
                    : RefusedUpdateException.notFound(
                        "There is no audience '%s'%s".formatted(name, Suggestion.of(name, names))));
  }
}
