package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.CallCounters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the checks on what the simulated systems hold, and counts. Asks Lockstep nothing. */
final class DemoReview {
  private static final String OUTAGE = "outage";
  private static final String AFTERWARDS = "duplicates-and-action-items";
  private static final String WHOLE = "replay";

  private final SimulatedSystems systems;
  private final ChangeRecorder recorder;
  private final ScenarioFacts facts;
  private final SystemsReader reader;
  private final IssueReader issueReader;
  private final StakeholderReader stakeholderReader;
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
   * @param facts what of the sandboxes' content was one outage
   */
  DemoReview(SimulatedSystems systems, ChangeRecorder recorder, ScenarioFacts facts) {
    this.systems = systems;
    this.recorder = recorder;
    this.facts = facts;
    this.reader = new SystemsReader(systems, recorder);
    this.issueReader = new IssueReader(systems);
    this.stakeholderReader = new StakeholderReader(systems);
  }

  /**
   * Whether what the sandboxes hold now agrees. What was merged into another incident is compared
   * with nothing any more, and a duplicate needs no incident; {@link #consolidation} judges those.
   */
  AgreementCheck.Result agreement() {
    return facts.excuse(
        check().judge(reader.tickets(), reader.incidents(), issueReader.incidents()));
  }

  private AgreementCheck check() {
    return new AgreementCheck(
        systems.expectations(), systems.issueExpectations(), stakeholderReader::notes);
  }

  /**
   * Whether what is one outage became one; nothing where none was played.
   *
   * @param proposed keys of the tickets Lockstep says it asks people about
   */
  Optional<DuplicateCheck.Result> consolidation(Set<String> proposed) {
    return facts.anything()
        ? Optional.of(
            new DuplicateCheck(facts, reader.duplicates(), reader.pages()).judge(proposed))
        : Optional.empty();
  }

  /** The number of the ticket the postmortem was about, where one was played. */
  Optional<String> reviewed() {
    return Optional.of(facts.reviewed)
        .filter(sysId -> !sysId.isEmpty())
        .map(sysId -> systems.serviceNow().value(sysId, "number"));
  }

  /**
   * What became of the action items.
   *
   * @param trace of {@link #reviewed}, as Lockstep tells it
   */
  ActionItemCheck changes(JsonNode trace) {
    List<ActionItemCheck.Request> requests = reader.changeRequests();
    return ActionItemCheck.of(
        facts.actionItems,
        requests,
        reader.journal(facts.reviewed),
        issueReader.actionItems(),
        TraceCheck.of(trace, reader.chain(facts, requests)));
  }

  /** Whether everybody was informed as they were to be; nothing in a replay. */
  Optional<StakeholderCheck.Result> stakeholders() {
    return systems
        .stakeholders()
        .map(all -> new StakeholderCheck(facts.stakeholders, stakeholderReader, all).judge());
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
    return systems.serviceNow().calls().writes() + systems.pagerDuty().calls().writes();
  }

  private long reads() {
    return systems.serviceNow().calls().reads() + systems.pagerDuty().calls().reads();
  }

  /** When a record last moved. */
  Instant latest() {
    return recorder.latest();
  }

  /** Calls to both sides so far. */
  long apiCalls() {
    CallCounters calls = systems.serviceNow().calls();
    CallCounters others = systems.pagerDuty().calls();
    return calls.reads() + calls.writes() + others.reads() + others.writes();
  }

  /** How a ticket, its incident and its issue differ now, one line for each thing. */
  List<String> differences(String sysId, String incident) {
    return check()
        .differences(
            reader.ticket(sysId),
            reader.incident(systems.pagerDuty().incident(incident)),
            issueReader.incidentsOf(sysId));
  }

  /**
   * @param deadLetters as Lockstep counts them: the sandboxes can't see work that was given up
   */
  Summary summary(
      AgreementCheck.Result result,
      Optional<DuplicateCheck.Result> duplicates,
      Optional<ActionItemCheck> handed,
      Optional<StakeholderCheck.Result> informed,
      long deadLetters,
      int restarts) {
    Map<String, List<ObservedChange>> observed = byRecord();
    Map<SystemSide, Integer> changes = new EnumMap<>(SystemSide.class);
    Map<SystemSide, Integer> notes = new EnumMap<>(SystemSide.class);
    List<SyncCounter.Delay> delays = new ArrayList<>();
    List<String> echoes = new ArrayList<>(emptyWrites());
    long conflicts = 0;
    for (AgreementCheck.Verdict verdict : result.verdicts()) {
      SyncCounter.Count count =
          new SyncCounter(systems.expectations()).count(of(verdict, observed));
      count.changes().forEach((place, number) -> changes.merge(place, number, Integer::sum));
      count.notes().forEach((place, number) -> notes.merge(place, number, Integer::sum));
      delays.addAll(count.delays());
      count.echoes().forEach(echo -> echoes.add(verdict.title() + ": " + echo));
      AgreementCheck.echoedNotes(lines(verdict))
          .forEach(echo -> echoes.add(verdict.title() + ": note " + echo));
      conflicts += lines(verdict).filter(DemoReview::tellsOfConflict).count();
    }
    for (AgreementCheck.IssueVerdict verdict : result.issues()) {
      AgreementCheck.echoedNotes(verdict.issue().lines().stream())
          .forEach(echo -> echoes.add(verdict.title() + ": note " + echo));
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
        duplicates.map(DuplicateCheck.Result::figures).orElse(null),
        handed.map(ActionItemCheck::figures).orElse(null),
        systems.jira().map(jira -> Summary.Issues.of(result.issues())).orElse(null),
        informed.map(StakeholderCheck.Result::figures).orElse(null));
  }

  /** The outage and what came after it; a replay is one act. */
  private SortedMap<String, Summary.Act> acts(List<SyncCounter.Delay> delays) {
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
  private Summary.Lag lag(List<SyncCounter.Delay> delays, boolean underFaults) {
    return Summary.Lag.of(
        delays.stream()
            .filter(delay -> firstAct == null || !delay.madeAt().isAfter(firstAct.endedAt()))
            .filter(
                delay ->
                    underFaults == faultTimes.stream().anyMatch(t -> t.contains(delay.madeAt())))
            .map(SyncCounter.Delay::took)
            .toList());
  }

  private Map<String, SortedMap<String, Long>> callsByMethod() {
    Map<String, SortedMap<String, Long>> calls = new LinkedHashMap<>();
    calls.put("servicenow", new TreeMap<>(systems.serviceNow().calls().byMethod()));
    calls.put("pagerduty", new TreeMap<>(systems.pagerDuty().calls().byMethod()));
    systems.jira().ifPresent(jira -> calls.put("jira", new TreeMap<>(jira.calls().byMethod())));
    systems
        .stakeholders()
        .ifPresent(all -> all.calls().forEach((name, made) -> calls.put(name, new TreeMap<>(made))));
    return calls;
  }

  /** What was written needlessly, one line each; known once summed up. */
  List<String> echoes() {
    return echoed;
  }

  private List<String> emptyWrites() {
    List<String> empty = new ArrayList<>(recorder.emptyWrites());
    long others = systems.serviceNow().emptyWrites();
    empty.addAll(Collections.nCopies((int) others, "ServiceNow: an update that changed nothing"));
    return empty;
  }

  private static boolean tellsOfConflict(NoteLine line) {
    return line.ours() && line.text().contains("at the same time");
  }

  private static Stream<NoteLine> lines(AgreementCheck.Verdict verdict) {
    return Stream.concat(verdict.ticket().lines().stream(), verdict.incident().lines().stream());
  }

  private Map<String, List<ObservedChange>> byRecord() {
    return recorder.changes().stream().collect(Collectors.groupingBy(ObservedChange::id));
  }

  private static List<ObservedChange> of(
      AgreementCheck.Verdict verdict, Map<String, List<ObservedChange>> changes) {
    return Stream.of(verdict.ticket().id(), verdict.incident().id())
        .flatMap(id -> changes.getOrDefault(id, List.of()).stream())
        .sorted(Comparator.comparing(ObservedChange::at))
        .toList();
  }

  private SortedMap<String, Integer> faults() {
    SortedMap<String, Integer> faults = new TreeMap<>();
    Stream.of(systems.serviceNow().faults(), systems.pagerDuty().faults())
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

  private static Summary.Directions directions(Map<SystemSide, Integer> made) {
    return new Summary.Directions(
        made.getOrDefault(SystemSide.ITSM, 0), made.getOrDefault(SystemSide.PLATFORM, 0));
  }
}
