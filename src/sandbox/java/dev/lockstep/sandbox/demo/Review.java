package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.CallCounters;
import dev.lockstep.sandbox.pagerduty.Incident;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.Calls;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the sandboxes, judges and counts. Asks Lockstep nothing. */
final class Review {
  private static final String OUTAGE = "outage";
  private static final String AFTERWARDS = "duplicates-and-action-items";
  private static final String WHOLE = "replay";

  private final Sandboxes sandboxes;
  private final Witness witness;
  private final Played played;
  private final List<Interval> faultTimes = new ArrayList<>();
  private List<String> echoed = List.of();
  private @Nullable FirstAct firstAct;

  private record Interval(Instant from, Instant to) {
    boolean contains(Instant at) {
      return !at.isBefore(from) && !at.isAfter(to);
    }
  }

  /** What had been called when the outage was over. */
  private record FirstAct(Instant endedAt, long writes, long reads) {}

  /**
   * @param played what of the sandboxes' content was one outage
   */
  Review(Sandboxes sandboxes, Witness witness, Played played) {
    this.sandboxes = sandboxes;
    this.witness = witness;
    this.played = played;
  }

  /**
   * Whether what both sandboxes hold now agrees. What was merged into another incident is compared
   * with nothing any more, and a duplicate needs no incident; {@link #consolidation} judges those.
   */
  Agreement.Result agreement() {
    Set<String> mayBeAlone = played.mayBeAlone();
    Agreement.Result all = new Agreement(sandboxes.expectations()).judge(tickets(), incidents());
    return new Agreement.Result(
        all.verdicts(),
        all.duplicates(),
        all.alone().stream()
            .filter(held -> !mayBeAlone.contains(held.id()))
            .filter(
                held ->
                    !mayBeAlone.contains(held.link().substring(held.link().lastIndexOf('/') + 1)))
            .toList());
  }

  /**
   * Whether what is one outage became one; nothing where none was played.
   *
   * @param proposed keys of the tickets Lockstep says it asks people about
   */
  Optional<Consolidation.Result> consolidation(Set<String> proposed) {
    return played.anything()
        ? Optional.of(new Aftermath(sandboxes, witness).judge(played, proposed))
        : Optional.empty();
  }

  /** The number of the ticket the postmortem was about, where one was played. */
  Optional<String> reviewed() {
    return Optional.of(played.reviewed)
        .filter(sysId -> !sysId.isEmpty())
        .map(sysId -> sandboxes.serviceNow().value(sysId, "number"));
  }

  /**
   * What became of the action items.
   *
   * @param trace of {@link #reviewed}, as Lockstep tells it
   */
  Changes changes(JsonNode trace) {
    return new Trail(sandboxes, played).judge(trace);
  }

  /** Changes made in this time may take long: faults were injected, or Lockstep was down. */
  void faultsInjected(Instant from, Instant to) {
    faultTimes.add(new Interval(from, to));
  }

  /** From now on calls and changes count as the next act's. */
  void firstActEnded(Instant now) {
    firstAct = new FirstAct(now, writes(), reads());
  }

  private long writes() {
    return sandboxes.serviceNow().calls().writes() + sandboxes.pagerDuty().calls().writes();
  }

  private long reads() {
    return sandboxes.serviceNow().calls().reads() + sandboxes.pagerDuty().calls().reads();
  }

  /** When a record last moved. */
  Instant latest() {
    return witness.latest();
  }

  /** Calls to both sides so far. */
  long apiCalls() {
    Calls calls = sandboxes.serviceNow().calls();
    CallCounters others = sandboxes.pagerDuty().calls();
    return calls.reads() + calls.writes() + others.reads() + others.writes();
  }

  /** How one ticket and one incident differ now, one line for each thing. */
  List<String> differences(String sysId, String incident) {
    return new Agreement(sandboxes.expectations())
        .judge(ticket(sysId), held(sandboxes.pagerDuty().incident(incident)))
        .problems();
  }

  /**
   * @param deadLetters as Lockstep counts them: the sandboxes can't see work that was given up
   */
  Summary summary(
      Agreement.Result result,
      Optional<Consolidation.Result> duplicates,
      Optional<Changes> handed,
      long deadLetters,
      int restarts) {
    Map<String, List<Happening>> happenings = byRecord();
    Map<Place, Integer> changes = new EnumMap<>(Place.class);
    Map<Place, Integer> notes = new EnumMap<>(Place.class);
    List<Reckoning.Delay> delays = new ArrayList<>();
    List<String> echoes = new ArrayList<>(emptyWrites());
    long conflicts = 0;
    for (Agreement.Verdict verdict : result.verdicts()) {
      Reckoning.Count count =
          new Reckoning(sandboxes.expectations()).count(of(verdict, happenings));
      count.changes().forEach((place, number) -> changes.merge(place, number, Integer::sum));
      count.notes().forEach((place, number) -> notes.merge(place, number, Integer::sum));
      delays.addAll(count.delays());
      count.echoes().forEach(echo -> echoes.add(verdict.title() + ": " + echo));
      Agreement.echoedNotes(lines(verdict))
          .forEach(echo -> echoes.add(verdict.title() + ": note " + echo));
      conflicts += lines(verdict).filter(Review::tellsOfConflict).count();
    }
    Summary.Directions changed = directions(changes);
    Summary.Directions noted = directions(notes);
    SortedMap<String, Summary.Act> acts = acts(delays);
    Summary.Act first = Objects.requireNonNull(acts.get(firstAct == null ? WHOLE : OUTAGE));
    echoed = List.copyOf(echoes);
    return new Summary(
        result.verdicts().size(),
        (int) result.agreeing(),
        changed,
        noted,
        conflicts,
        result.duplicates(),
        echoes.size(),
        callsByMethod(),
        first.writesPerChange(),
        first.readsPerChange(),
        lag(delays, false),
        lag(delays, true),
        acts,
        deadLetters,
        faults(),
        restarts,
        duplicates.map(Consolidation.Result::figures).orElse(null),
        handed.map(Changes::figures).orElse(null));
  }

  /** The outage and what came after it; a replay is one act. */
  private SortedMap<String, Summary.Act> acts(List<Reckoning.Delay> delays) {
    SortedMap<String, Summary.Act> acts = new TreeMap<>();
    FirstAct first = firstAct;
    if (first == null) {
      acts.put(WHOLE, new Summary.Act(delays.size(), writes(), reads()));
      return acts;
    }
    int early = (int) delays.stream().filter(d -> !d.madeAt().isAfter(first.endedAt())).count();
    acts.put(OUTAGE, new Summary.Act(early, first.writes(), first.reads()));
    acts.put(
        AFTERWARDS,
        new Summary.Act(delays.size() - early, writes() - first.writes(), reads() - first.reads()));
    return acts;
  }

  /** Of the outage; what comes after it waits for decisions of people. */
  private Summary.Lag lag(List<Reckoning.Delay> delays, boolean underFaults) {
    return Summary.Lag.of(
        delays.stream()
            .filter(delay -> firstAct == null || !delay.madeAt().isAfter(firstAct.endedAt()))
            .filter(
                delay ->
                    underFaults == faultTimes.stream().anyMatch(t -> t.contains(delay.madeAt())))
            .map(Reckoning.Delay::took)
            .toList());
  }

  private Map<String, SortedMap<String, Long>> callsByMethod() {
    Map<String, SortedMap<String, Long>> calls = new LinkedHashMap<>();
    calls.put("servicenow", new TreeMap<>(sandboxes.serviceNow().calls().byMethod()));
    calls.put("pagerduty", new TreeMap<>(sandboxes.pagerDuty().calls().byMethod()));
    sandboxes.jira().ifPresent(jira -> calls.put("jira", new TreeMap<>(jira.calls().byMethod())));
    return calls;
  }

  /** What was written needlessly, one line each; known once summed up. */
  List<String> echoes() {
    return echoed;
  }

  private List<String> emptyWrites() {
    List<String> empty = new ArrayList<>(witness.emptyPlatformWrites());
    long others = sandboxes.serviceNow().calls().emptyWrites();
    empty.addAll(Collections.nCopies((int) others, "ServiceNow: an update that changed nothing"));
    return empty;
  }

  private List<Agreement.Held> tickets() {
    return sandboxes.serviceNow().records("incident").stream()
        .map(record -> ticket(record.getOrDefault("sys_id", "")))
        .toList();
  }

  private List<Agreement.Held> incidents() {
    return sandboxes.pagerDuty().incidents().stream()
        .filter(incident -> incident.mergedInto() == null)
        .map(this::held)
        .toList();
  }

  private Agreement.Held ticket(String sysId) {
    ServiceNowSimulator serviceNow = sandboxes.serviceNow();
    return new Agreement.Held(
        sysId,
        serviceNow.value(sysId, "number"),
        serviceNow.value(sysId, "correlation_id"),
        State.of(serviceNow, sysId),
        Aftermath.lines(serviceNow, sysId));
  }

  private Agreement.Held held(Incident incident) {
    PagerDutySimulator pagerDuty = sandboxes.pagerDuty();
    Stream<Line> notes =
        pagerDuty.notes(incident.id()).stream()
            .map(note -> new Line(note.content(), ours(note.author().email()), false));
    Stream<Line> updates =
        pagerDuty.statusUpdates(incident.id()).stream()
            .map(update -> new Line(update.message(), ours(update.sender().email()), true));
    String key = incident.incidentKey();
    return new Agreement.Held(
        incident.id(),
        "#" + incident.number(),
        key == null ? "" : key,
        State.of(incident),
        Stream.concat(notes, updates).toList());
  }

  private static boolean ours(String email) {
    return email.equals(Sandboxes.PAGERDUTY_USER);
  }

  private static boolean tellsOfConflict(Line line) {
    return line.ours() && line.text().contains("at the same time");
  }

  private static Stream<Line> lines(Agreement.Verdict verdict) {
    return Stream.concat(verdict.ticket().lines().stream(), verdict.incident().lines().stream());
  }

  private Map<String, List<Happening>> byRecord() {
    Map<String, List<Happening>> byRecord = new HashMap<>();
    for (Happening happening : witness.happenings()) {
      byRecord.computeIfAbsent(happening.id(), any -> new ArrayList<>()).add(happening);
    }
    return byRecord;
  }

  private static List<Happening> of(
      Agreement.Verdict verdict, Map<String, List<Happening>> happenings) {
    return Stream.of(verdict.ticket().id(), verdict.incident().id())
        .flatMap(id -> happenings.getOrDefault(id, List.of()).stream())
        .sorted(java.util.Comparator.comparing(Happening::at))
        .toList();
  }

  private SortedMap<String, Integer> faults() {
    SortedMap<String, Integer> faults = new TreeMap<>();
    Stream.of(sandboxes.serviceNow().faults(), sandboxes.pagerDuty().faults())
        .forEach(
            side ->
                side.injected()
                    .forEach(
                        (kind, times) ->
                            faults.merge(
                                kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                times,
                                Integer::sum)));
    return faults;
  }

  private static Summary.Directions directions(Map<Place, Integer> made) {
    return new Summary.Directions(
        made.getOrDefault(Place.ITSM, 0), made.getOrDefault(Place.PLATFORM, 0));
  }
}
