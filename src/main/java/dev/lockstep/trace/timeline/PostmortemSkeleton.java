package dev.lockstep.trace.timeline;

import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.record.PlainText;
import dev.lockstep.trace.timeline.TimelineEvent.Weight;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a postmortem, with the facts filled in and the sections that people write left
 * empty. In Markdown that the import of postmortems reads: with an action item added, it can be
 * sent as it is. Texts from the systems are literal there.
 */
public final class PostmortemSkeleton {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** What can begin markup, a tag or an entity within a line, or end the cell of a table. */
  private static final Pattern SIGN = Pattern.compile("[\\\\`*_\\[\\]<>&!|~#{}^$]");

  private static final Pattern LINES = Pattern.compile("\\s*\\n\\s*");
  private static final Pattern PLAIN_KEY = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*");

  private PostmortemSkeleton() {}

  public static String toMarkdown(Timeline timeline) {
    List<String> lines = new ArrayList<>();
    lines.add("---");
    lines.add("incident: " + yaml(timeline.key()));
    lines.add("---");
    lines.add("# " + literal(timeline.title().isBlank() ? timeline.key() : timeline.title()));
    lines.add("");
    if (!timeline.postmortems().isEmpty()) {
      lines.add(
          "Lockstep already has a postmortem of this incident: %s. Send changes under its name."
              .formatted(
                  timeline.postmortems().stream()
                      .map(PostmortemSkeleton::literal)
                      .collect(Collectors.joining(", "))));
      lines.add("");
    }
    addFacts(lines, timeline);
    for (String section : List.of("Summary", "Impact", "Root cause")) {
      lines.addAll(List.of("## " + section, "", ""));
    }
    addEvents(lines, timeline.upTo(Weight.EVENT));
    lines.addAll(List.of("## Lessons learned", "", "", "## Action items", ""));
    return String.join("\n", lines) + "\n";
  }

  private static String yaml(String key) {
    return PLAIN_KEY.matcher(key).matches()
        ? key
        : "\"" + PlainText.oneLine(key).replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static void addFacts(List<String> lines, Timeline timeline) {
    lines.add("| Fact | Value |");
    lines.add("|---|---|");
    IncidentFacts facts = timeline.facts();
    if (facts != null) {
      addFact(lines, "Level", facts.level() + (facts.major() ? " (major)" : ""));
      addKnown(lines, "Service", facts.service());
      addKnown(lines, "Team", facts.team());
      addKnown(lines, "Incident manager", facts.manager());
      addFact(lines, "Opened", time(facts.openedAt()));
      addFact(lines, "Acknowledged", reached(timeline, facts.acknowledgedAt()));
      addFact(lines, "Mitigated", reached(timeline, facts.mitigatedAt()));
      addFact(lines, "Resolved", reached(timeline, facts.resolvedAt()));
      addFact(lines, "Reopened", facts.reopened() + (facts.reopened() == 1 ? " time" : " times"));
    }
    addFact(
        lines,
        "Records",
        timeline.records().stream()
            .map(record -> record.title() + " " + record.key())
            .collect(Collectors.joining(", ")));
    lines.add("");
  }

  private static void addKnown(List<String> lines, String name, String value) {
    if (!value.isBlank()) {
      addFact(lines, name, value);
    }
  }

  private static void addFact(List<String> lines, String name, String value) {
    lines.add("| %s | %s |".formatted(name, value.isBlank() ? "not known" : literal(value)));
  }

  private static String time(@Nullable Instant at) {
    return at == null ? "" : TIME.format(at) + " UTC";
  }

  private static String reached(Timeline timeline, @Nullable Instant at) {
    Duration after = timeline.sinceOpened(at);
    return time(at) + (after == null ? "" : ", " + length(after) + " after it was opened");
  }

  /** In its two largest units, for example {@code 3 h 5 min}. */
  static String length(Duration duration) {
    Duration time = duration.isNegative() ? duration.negated() : duration;
    String sign = duration.isNegative() ? "-" : "";
    if (time.toMinutes() < 1) {
      return sign + time.toSeconds() + " s";
    }
    if (time.toHours() < 1) {
      return sign + time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }
    return time.toDays() < 1
        ? sign + time.toHours() + " h " + time.toMinutesPart() + " min"
        : sign + time.toDays() + " d " + time.toHoursPart() + " h";
  }

  private static void addEvents(List<String> lines, Timeline timeline) {
    lines.addAll(List.of("## Timeline", "", clocks(timeline), ""));
    lines.add("| Time (UTC) | Where | By | Event |");
    lines.add("|---|---|---|---|");
    for (TimelineEvent event : timeline.events()) {
      String where = timeline.titleOf(event.system()) + " " + event.record();
      lines.add(
          "| %s | %s | %s | %s |"
              .formatted(
                  TIME.format(event.at()),
                  literal(where.strip()),
                  literal(event.by()),
                  literal(
                      event.text().isBlank() ? event.what() : event.what() + ": " + event.text())));
    }
    lines.add("");
  }

  private static String clocks(Timeline timeline) {
    String corrected =
        timeline.clocks().stream()
            .filter(clock -> clock.aheadSeconds() != null && clock.aheadSeconds() != 0)
            .map(
                clock ->
                    "that of %s is %d s %s"
                        .formatted(
                            literal(clock.title()),
                            Math.abs(clock.aheadSeconds()),
                            clock.aheadSeconds() > 0 ? "ahead" : "behind"))
            .collect(Collectors.joining(", "));
    return "Times are those of Lockstep's clock"
        + (corrected.isEmpty() ? "." : "; " + corrected + ", and its times are corrected.");
  }

  /** One line in which every character stands for itself. */
  static String literal(String text) {
    String line = LINES.matcher(PlainText.normalize(text)).replaceAll(" ⏎ ");
    // Two braces are the placeholder of a template.
    String apart = PlainText.oneLine(line).replace("{{", "{ {");
    return SIGN.matcher(apart).replaceAll("\\\\$0");
  }
}
