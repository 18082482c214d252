package dev.lockstep.console;

import dev.lockstep.audit.AuditQueries;
import dev.lockstep.audit.AuditQueries.Filter;
import dev.lockstep.audit.AuditQueries.Row;
import dev.lockstep.pair.CorrelationQueries;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.PlainText;
import dev.lockstep.sync.ChosenValues;
import dev.lockstep.sync.LostValue;
import dev.lockstep.trace.Csv;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Who did what, and the conflicts among it. */
@Controller
class AuditPages {
  private static final int PAGE = 100;
  private static final int CONFLICTS = 50;
  private static final int MOST_EXPORTED = 10_000;
  private static final String PAIR = "pair";

  private final AuditQueries audit;
  private final CorrelationQueries correlations;
  private final PairStore pairs;
  private final ChosenValues choices;

  AuditPages(
      AuditQueries audit, CorrelationQueries correlations, PairStore pairs, ChosenValues choices) {
    this.audit = audit;
    this.correlations = correlations;
    this.pairs = pairs;
    this.choices = choices;
  }

  /**
   * The filter as it is typed.
   *
   * @param from a day (UTC); {@code to} too, inclusive
   */
  record Query(
      @Nullable String actor,
      @Nullable Boolean people,
      @Nullable String what,
      @Nullable String subject,
      @Nullable String from,
      @Nullable String to) {
    Filter toFilter() {
      LocalDate until = day("to", to);
      LocalDate since = day("from", from);
      return new Filter(
          text(actor),
          Boolean.TRUE.equals(people),
          text(what),
          text(subject),
          start(since),
          start(until == null ? null : until.plusDays(1)));
    }

    private static String text(@Nullable String given) {
      return given == null ? "" : PlainText.oneLine(given);
    }

    private static @Nullable LocalDate day(String name, @Nullable String given) {
      String day = text(given);
      try {
        return day.isEmpty() ? null : LocalDate.parse(day);
      } catch (DateTimeParseException e) {
        throw new ResponseStatusException(
            HttpStatus.BAD_REQUEST, name + ": write a day as 2026-11-24.", e);
      }
    }

    private static @Nullable Instant start(@Nullable LocalDate day) {
      return day == null ? null : day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
  }

  /**
   * @param link the page about its subject; empty if there is none
   */
  record Entry(Row row, String subject, String link, Map<String, String> details) {}

  /**
   * @param choosable whether its value can be chosen now
   * @param why the value cannot be chosen; empty if it can, or was no edit
   */
  record ConflictLine(Entry entry, boolean choosable, String why) {}

  @GetMapping("/audit")
  String list(
      Query query,
      @RequestParam(name = "before", defaultValue = "9223372036854775807") long before,
      Model model) {
    List<Row> rows = audit.search(query.toFilter(), before, PAGE);
    model.addAttribute("query", query);
    model.addAttribute("entries", entries(rows));
    model.addAttribute("next", rows.size() == PAGE ? rows.get(PAGE - 1).id() : null);
    model.addAttribute("isFirst", before == Long.MAX_VALUE);
    model.addAttribute("mostExported", MOST_EXPORTED);
    return "audit";
  }

  /** The newest of the filter. */
  @GetMapping("/audit.csv")
  ResponseEntity<String> export(Query query) {
    List<List<Object>> lines = new ArrayList<>();
    for (Row row : audit.search(query.toFilter(), Long.MAX_VALUE, MOST_EXPORTED)) {
      var event = row.event();
      lines.add(
          List.of(
              event.at(),
              event.subject(),
              event.entry().what(),
              PlainText.clean(event.entry().text()),
              PlainText.clean(event.entry().actor()),
              PlainText.clean(details(event.entry().details()))));
    }
    return Downloads.csv(
        "audit.csv", Csv.toCsv(List.of("time", "subject", "what", "text", "by", "details"), lines));
  }

  private static String details(Map<String, String> details) {
    return new TreeMap<>(details)
        .entrySet().stream()
            .map(detail -> detail.getKey() + ": " + detail.getValue())
            .collect(Collectors.joining("; "));
  }

  @GetMapping("/conflicts")
  String conflicts(
      @RequestParam(name = "before", defaultValue = "9223372036854775807") long before,
      Model model) {
    List<Row> rows =
        audit.search(new Filter("", false, "conflict", PAIR, null, null), before, CONFLICTS);
    Map<UUID, Pair> found = pairs.findAll(ids(rows));
    model.addAttribute(
        "lines", entries(rows).stream().map(entry -> conflict(entry, found)).toList());
    model.addAttribute("next", rows.size() == CONFLICTS ? rows.get(CONFLICTS - 1).id() : null);
    model.addAttribute("isFirst", before == Long.MAX_VALUE);
    return "conflicts";
  }

  private ConflictLine conflict(Entry entry, Map<UUID, Pair> found) {
    Pair pair = found.get(UUID.fromString(entry.row().event().subject().id()));
    LostValue lost = LostValue.parse(entry.row().event().entry()).orElse(null);
    if (pair == null || lost == null) {
      return new ConflictLine(entry, false, "");
    }
    String why = choices.refusal(pair, lost).orElse("");
    return new ConflictLine(entry, why.isEmpty(), why);
  }

  /** The pairs that entries are about. */
  private static List<UUID> ids(List<Row> rows) {
    return rows.stream()
        .map(row -> row.event().subject())
        .filter(subject -> subject.kind().equals(PAIR))
        .map(subject -> UUID.fromString(subject.id()))
        .distinct()
        .toList();
  }

  private List<Entry> entries(List<Row> rows) {
    Map<UUID, String> titles = correlations.titles(ids(rows));
    return rows.stream().map(row -> entry(row, titles)).toList();
  }

  private static Entry entry(Row row, Map<UUID, String> titles) {
    var subject = row.event().subject();
    String title = "";
    String link = "";
    if (subject.kind().equals(PAIR)) {
      title = titles.getOrDefault(UUID.fromString(subject.id()), "");
      link = title.isEmpty() ? "" : "/incidents/" + subject.id();
    } else if (subject.kind().equals("duplicate")) {
      link = "/duplicates/" + subject.id();
    } else if (subject.kind().equals("plan")) {
      link = PlansPage.PATH + "/" + subject.id();
    } else if (subject.kind().equals("incident")) {
      link = "/incidents/" + subject.id().substring(subject.id().lastIndexOf('/') + 1);
    }
    return new Entry(
        row,
        title.isEmpty() ? subject.kind() + " " + subject.id() : title,
        link,
        new TreeMap<>(row.event().entry().details()));
  }
}
