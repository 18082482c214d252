package dev.lockstep.sandbox.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether linked records really agree, judged by what both sandboxes hold. Pure. */
final class AgreementCheck {

  /**
   * A record as one sandbox holds it.
   *
   * @param key what people call it
   * @param link the correlation id or incident key: whom it says it is linked with
   */
  record RecordView(String id, String key, String link, FieldState state, List<NoteLine> lines) {
    RecordView {
      lines = List.copyOf(lines);
    }
  }

  /**
   * @param problems what differs, one line each; empty when the two agree
   */
  record Verdict(RecordView ticket, RecordView incident, List<String> problems) {
    Verdict {
      problems = List.copyOf(problems);
    }

    boolean agrees() {
      return problems.isEmpty();
    }

    String title() {
      return ticket.key() + " ⇄ " + incident.key();
    }
  }

  /**
   * @param duplicates records beyond the first that stand for the same record of the other side
   * @param unlinked records that are linked with none
   */
  record Result(List<Verdict> verdicts, int duplicates, List<RecordView> unlinked) {
    Result {
      verdicts = List.copyOf(verdicts);
      unlinked = List.copyOf(unlinked);
    }

    long agreeing() {
      return verdicts.stream().filter(Verdict::agrees).count();
    }
  }

  private static final String TICKET = "servicenow/incident/";
  private static final String INCIDENT = "pagerduty/incident/";

  private final ExpectedFields expectations;

  AgreementCheck(ExpectedFields expectations) {
    this.expectations = expectations;
  }

  Result judge(List<RecordView> tickets, List<RecordView> incidents) {
    Map<String, RecordView> ticketById = byId(tickets);
    Map<String, RecordView> incidentById = byId(incidents);
    Map<String, String> pairs = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    int duplicates = 0;
    for (RecordView ticket : tickets) {
      String incident = named(ticket, INCIDENT);
      if (incidentById.containsKey(incident)) {
        pairs.put(ticket.id(), incident);
        duplicates += taken.add(incident) ? 0 : 1;
      }
    }
    for (RecordView incident : incidents) {
      String ticket = named(incident, TICKET);
      if (ticketById.containsKey(ticket)) {
        String already = pairs.putIfAbsent(ticket, incident.id());
        duplicates += already == null || already.equals(incident.id()) ? 0 : 1;
      }
    }
    List<Verdict> verdicts = new ArrayList<>();
    pairs.forEach(
        (ticket, incident) ->
            verdicts.add(judge(known(ticketById, ticket), known(incidentById, incident))));
    return new Result(verdicts, duplicates, unlinked(tickets, incidents, pairs));
  }

  private static List<RecordView> unlinked(
      List<RecordView> tickets, List<RecordView> incidents, Map<String, String> pairs) {
    return Stream.concat(
            tickets.stream().filter(ticket -> !pairs.containsKey(ticket.id())),
            incidents.stream().filter(incident -> !pairs.containsValue(incident.id())))
        .toList();
  }

  Verdict judge(RecordView ticket, RecordView incident) {
    List<String> problems = new ArrayList<>();
    if (!named(ticket, INCIDENT).equals(incident.id())) {
      problems.add("link: the ticket does not name the incident");
    }
    expectations
        .differences(ticket.state(), incident.state())
        .forEach((field, said) -> problems.add(field + ": " + said));
    carriedOnce(ticket.lines(), incident.lines(), SystemSide.PLATFORM, problems);
    carriedOnce(incident.lines(), ticket.lines(), SystemSide.ITSM, problems);
    for (RecordView record : List.of(ticket, incident)) {
      marksAreUnique(record, problems);
      nothingCarriedBack(record, problems);
    }
    // Comments reach the caller; the shipped mapping lets nothing of PagerDuty's through.
    if (ticket.lines().stream().anyMatch(line -> line.ours() && line.forCallers())) {
      problems.add("notes: Lockstep wrote where callers read");
    }
    return new Verdict(ticket, incident, problems);
  }

  /** Every note a person wrote on one side is exactly once on the other, and no other does. */
  private static void carriedOnce(
      List<NoteLine> written, List<NoteLine> there, SystemSide to, List<String> problems) {
    Map<String, Integer> due = new HashMap<>();
    written.stream()
        .filter(line -> !line.ours() && !line.text().isBlank())
        .forEach(line -> due.merge(line.text().strip(), 1, Integer::sum));
    there.stream()
        .flatMap(line -> line.carriedText().stream())
        .forEach(text -> due.merge(text, -1, Integer::sum));
    due.forEach(
        (text, missing) -> {
          if (missing > 0) {
            problems.add("note missing in %s: «%s»".formatted(to.label(), text));
          } else if (missing < 0) {
            problems.add("note doubled in %s: «%s»".formatted(to.label(), text));
          }
        });
  }

  private static void marksAreUnique(RecordView record, List<String> problems) {
    Map<String, Long> marks =
        record.lines().stream()
            .filter(NoteLine::ours)
            .flatMap(line -> line.mark().stream())
            .collect(Collectors.groupingBy(mark -> mark, Collectors.counting()));
    marks.forEach(
        (mark, times) -> {
          if (times > 1) {
            problems.add(
                "note doubled on %s: %d bear the mark %s".formatted(record.key(), times, mark));
          }
        });
  }

  /** A carried note that was taken for a new one would carry a mark inside its text. */
  private static void nothingCarriedBack(RecordView record, List<String> problems) {
    echoedNotes(record.lines().stream())
        .forEach(text -> problems.add("note on %s is an echo: «%s»".formatted(record.key(), text)));
  }

  static Stream<String> echoedNotes(Stream<NoteLine> lines) {
    return lines
        .filter(NoteLine::ours)
        .map(NoteLine::text)
        .filter(text -> text.split("\\[lockstep:", -1).length > 2);
  }

  private static String named(RecordView record, String prefix) {
    // Behind the id may stand a token.
    return record.link().startsWith(prefix)
        ? record.link().substring(prefix.length()).replaceFirst("/.*", "")
        : "";
  }

  private static RecordView known(Map<String, RecordView> all, String id) {
    RecordView record = all.get(id);
    if (record == null) {
      throw new IllegalArgumentException(id);
    }
    return record;
  }

  private static Map<String, RecordView> byId(List<RecordView> all) {
    return all.stream().collect(Collectors.toMap(RecordView::id, record -> record));
  }
}
