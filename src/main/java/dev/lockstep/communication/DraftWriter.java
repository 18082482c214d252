package dev.lockstep.communication;

import dev.lockstep.communication.settings.Audience;
import dev.lockstep.connector.Connectors;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.incident.IncidentStage;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.RecordState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Drafts updates: renders an audience's template with what is known of the incident. */
@Component
public class DraftWriter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Connectors connectors;
  private final Clock clock;

  DraftWriter(Connectors connectors, Clock clock) {
    this.connectors = connectors;
    this.clock = clock;
  }

  /** Not sent yet. */
  record Text(String subject, String text) {}

  /**
   * @param last the update before; empty for the first one
   * @param next what happens next, in words of the author; may be empty
   */
  Text write(
      Audience audience, KnownIncident incident, Optional<IncidentUpdate> last, String next) {
    Map<String, Object> values = values(audience, incident, last);
    values.put("next", PlainText.normalize(next));
    return new Text(
        PlainText.oneLine(audience.subject().render(values)),
        PlainText.normalize(audience.text().render(values)));
  }

  private Map<String, Object> values(
      Audience audience, KnownIncident incident, Optional<IncidentUpdate> last) {
    IncidentFacts facts = incident.facts();
    Instant now = clock.instant();
    boolean resolved = facts.stage() == IncidentStage.RESOLVED;
    Map<String, Object> values = new HashMap<>();
    values.put("audience", audience.title());
    values.put("title", PlainText.oneLine(incident.title()));
    values.put("key", incident.key());
    values.put("url", incident.url());
    values.put("level", facts.level());
    values.put("major", facts.major());
    values.put("stage", words(facts.stage()));
    values.put("resolved", resolved);
    values.put("service", PlainText.oneLine(facts.service()));
    values.put("team", PlainText.oneLine(facts.team()));
    values.put("manager", PlainText.oneLine(incident.manager()));
    Instant opened = facts.openedAt() == null ? facts.seenAt() : facts.openedAt();
    values.put("opened", time(opened));
    Instant end =
        resolved ? Objects.requireNonNullElse(facts.resolvedAt(), facts.changedAt()) : now;
    values.put("duration", words(Duration.between(opened, end)));
    values.put("number", last.map(IncidentUpdate::number).orElse(0) + 1);
    values.put("last-update", last.map(update -> time(update.sentAt())).orElse(""));
    values.put("last-by", last.map(IncidentUpdate::sentBy).orElse(""));
    values.put(
        "next-due",
        resolved
            ? ""
            : audience.interval(facts.level()).map(every -> time(now.plus(every))).orElse(""));
    values.put(
        "changes",
        last.map(update -> changes(update.facts(), IncidentUpdate.Facts.of(incident)))
            .orElse(List.of()));
    values.put(
        "records", incident.correlation().states().values().stream().map(this::record).toList());
    return values;
  }

  private Map<String, Object> record(RecordState record) {
    return Map.of(
        "system", connectors.title(record.ref().system()),
        "record-key", record.key(),
        "record-url", record.url());
  }

  /** In words, without what went back to what it was. */
  private static List<Map<String, Object>> changes(
      IncidentUpdate.Facts before, IncidentUpdate.Facts now) {
    List<Map<String, Object>> changes = new ArrayList<>();
    change(changes, "Level", before.level(), now.level());
    change(changes, "State", before.stage(), now.stage());
    change(changes, "Service", before.service(), now.service());
    change(changes, "Team", before.team(), now.team());
    change(changes, "Incident manager", before.manager(), now.manager());
    return changes;
  }

  private static void change(
      List<Map<String, Object>> changes, String what, String before, String now) {
    if (!before.equals(now)) {
      changes.add(
          Map.of(
              "what",
              what,
              "from",
              orNone(PlainText.oneLine(before)),
              "to",
              orNone(PlainText.oneLine(now))));
    }
  }

  private static String orNone(String value) {
    return value.isEmpty() ? "none" : value;
  }

  public static String time(Instant at) {
    return TIME.format(at);
  }

  public static String words(IncidentStage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }

  /** In days, hours and minutes, for example {@code 1 h 25 min}. */
  public static String words(Duration duration) {
    if (duration.toMinutes() < 1) {
      return "less than a minute";
    }
    StringBuilder words = new StringBuilder();
    append(words, duration.toDays(), "d");
    append(words, duration.toHoursPart(), "h");
    append(words, duration.toMinutesPart(), "min");
    return words.toString().strip();
  }

  private static void append(StringBuilder words, long count, String unit) {
    if (count > 0) {
      words.append(' ').append(count).append(' ').append(unit);
    }
  }
}
