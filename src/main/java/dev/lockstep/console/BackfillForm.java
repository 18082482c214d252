package dev.lockstep.console;

import dev.lockstep.backfill.Backfill.Selection;
import dev.lockstep.sync.StartPolicies.OlderNotes;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * What a backfill reads and starts, and a plan shows, as the forms have it; what is not filled in
 * is null or empty.
 *
 * @param since a day (UTC)
 * @param notes as in the API
 */
record BackfillForm(
    @Nullable String since,
    @Nullable String system,
    @Nullable String kind,
    @Nullable String query,
    @Nullable String notes,
    @Nullable String adoptBy) {
  /** With a query, the time of the last change does not matter. */
  private static final Duration EVER = Duration.ofDays(3650);

  /** All of it, trimmed, in the order and with the names of the form. */
  Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    given.put("since", text(since));
    given.put("system", text(system));
    given.put("kind", text(kind));
    given.put("query", text(query));
    given.put("notes", text(notes));
    given.put("adoptBy", text(adoptBy));
    return given;
  }

  private static String text(@Nullable String given) {
    return given == null ? "" : given.strip();
  }

  Selection selection() {
    return new Selection(text(system), text(kind), text(query));
  }

  /** Since when; empty if only the query says which records. */
  Optional<LocalDate> day() {
    String day = text(since);
    if (day.isEmpty() && !text(query).isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(day));
    } catch (DateTimeParseException e) {
      throw wrong("since: write a day as 2026-11-24, or a query.", e);
    }
  }

  Instant start(Instant now) {
    return day()
        .map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant())
        .orElseGet(() -> now.minus(EVER));
  }

  StartPolicy policy() {
    String which = text(notes);
    OlderNotes older =
        OlderNotes.parse(which.isEmpty() ? OlderNotes.ALL.label() : which)
            .orElseThrow(() -> wrong("notes: choose one of the list.", null));
    return new StartPolicy(older, text(adoptBy));
  }

  /** Which records are read. */
  String describe(Display display) {
    Selection selection = selection();
    boolean byQueryAlone = day().isEmpty();
    return "the %s of %s that %s%s"
        .formatted(
            selection.kind().isEmpty() ? "records" : selection.kind() + " records",
            selection.system().isEmpty() ? "all systems" : display.system(selection.system()),
            byQueryAlone ? "match " : "changed since " + text(since),
            selection.query().isEmpty()
                ? ""
                : (byQueryAlone ? "" : " and match ") + selection.query());
  }

  /** What becomes of those in scope, one line each. */
  List<String> describePolicy() {
    StartPolicy policy = policy();
    return List.of(
        policy.adoptBy().isEmpty()
            ? "For each that is in scope of a mapping and in no pair, a counterpart is created in"
                + " the other system."
            : "For each that is in scope of a mapping and in no pair, the counterpart that its %s names is adopted; without one, it is created in the other system."
                .formatted(policy.adoptBy()),
        switch (policy.notes()) {
          case ALL -> "All its notes are written to the counterpart.";
          case SINCE_LINK -> "Of its notes, those written since both records exist are synced.";
          case NONE -> "Notes written before are not synced.";
        });
  }

  /** The command with the same options. */
  String planCommand() {
    Map<String, String> options = new LinkedHashMap<>(given());
    options.put("adopt-by", options.getOrDefault("adoptBy", ""));
    options.remove("adoptBy");
    return options.entrySet().stream()
        .filter(option -> !option.getValue().isEmpty())
        .filter(option -> !option.equals(Map.entry("notes", OlderNotes.ALL.label())))
        .map(option -> " --" + option.getKey() + " " + quoted(option.getValue()))
        .collect(Collectors.joining("", "./lockstep plan", ""));
  }

  /** For a shell. */
  private static String quoted(String word) {
    return word.matches("[\\w.:@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  static ResponseStatusException wrong(String text, @Nullable Throwable cause) {
    return new ResponseStatusException(HttpStatus.BAD_REQUEST, text, cause);
  }
}
