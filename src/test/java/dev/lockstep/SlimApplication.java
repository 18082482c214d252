package dev.lockstep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.backfill.Backfill.Selection;
import dev.lockstep.backfill.Backfills;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.Subject;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.pair.PairQueries;
import dev.lockstep.pause.PausableNames;
import dev.lockstep.pause.Pause;
import dev.lockstep.pause.PauseOperations;
import dev.lockstep.pause.PauseScope;
import dev.lockstep.postmortem.PostmortemParser;
import dev.lockstep.postmortem.PostmortemQueries;
import dev.lockstep.postmortem.Postmortems;
import dev.lockstep.postmortem.parse.ShippedWords;
import dev.lockstep.reconcile.Drift;
import dev.lockstep.reconcile.Reconciliation;
import dev.lockstep.reconcile.Reconciliations;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.similarity.Reason;
import dev.lockstep.similarity.Signal;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import dev.lockstep.testkit.NamesToPause;
import dev.lockstep.trace.ActionReports;
import dev.lockstep.trace.Traces;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.env.Environment;

/**
 * The service without its stages: what is around them can be tested alone. A controller is created
 * with its first request, so that only what a test calls needs a stage. Not marked as a
 * configuration, so that scans for the whole service don't find it.
 */
@EnableAutoConfiguration
@ComponentScan({"dev.lockstep.access", "dev.lockstep.audit", "dev.lockstep.ops"})
@ComponentScan(basePackages = "dev.lockstep.api", lazyInit = true)
// Readiness is that the inbox can be written.
@ComponentScan(
    basePackages = "dev.lockstep.inbox",
    useDefaultFilters = false,
    includeFilters = @Filter(type = FilterType.REGEX, pattern = ".*\\.Inbox(Health|Store)"))
class SlimApplication {
  static final Instant AT = Instant.parse("2026-11-24T03:00:00Z");

  @Bean
  StartupCheck checkOfSomeStage(Environment environment) {
    return () ->
        environment.getProperty("TEST_PROBLEMS", "").isEmpty()
            ? List.of()
            : List.of(
                "FIRST_SETTING: missing; set it to a thing",
                "SECOND_SETTING: wrong; set it to another");
  }

  @Bean
  PairQueries pairs() {
    PairQueries.Summary summary =
        new PairQueries.Summary(
            "p1",
            "incident",
            "LINKED",
            new PairQueries.Member(
                RecordRef.parse("ticketing/incident/9d38"), "INC0010001", "http://t/INC0010001"),
            null,
            1,
            AT);
    PairQueries.Detail detail =
        new PairQueries.Detail(
            summary,
            List.of(
                new PairQueries.Field(
                    "status", "2", null, "2", null, "no mapped value for it", false)),
            List.of(new PairQueries.Note(Side.LEFT, "n1", "ann", AT, "looking", "SENT")),
            List.of(new PairQueries.Event(AT, "created", "Created #42", "", Map.of())));
    return new PairQueries() {
      @Override
      public List<Summary> list(int limit) {
        return List.of(summary);
      }

      @Override
      public Optional<Detail> find(String id) {
        return List.of("p1", "INC0010001", "#42").contains(id)
            ? Optional.of(detail)
            : Optional.empty();
      }
    };
  }

  @Bean
  PostmortemQueries shelf() {
    return most -> new PostmortemQueries.Overview(List.of(), List.of());
  }

  @Bean
  PostmortemParser documents(ObjectMapper json) {
    return new PostmortemParser(ShippedWords.reader());
  }

  /** Takes everything that names an incident. */
  @Bean
  Postmortems postmortems() {
    return (received, by) -> {
      if (received.incident().isEmpty()) {
        throw new Postmortems.Refused(received.line(), "it names no incident");
      }
      return new Postmortems.Receipt(1, received.incident(), false, List.of(), 0, 0, 0);
    };
  }

  @Bean
  DeadLetters deadLetters() {
    DeadLetters.DeadLetter letter =
        new DeadLetters.DeadLetter(
            "d1",
            "correlation:p1",
            "INC0010001 ⇄ #42",
            3,
            AT,
            "refused",
            "PUT /x",
            "400 no",
            "Mend it.");
    return new DeadLetters() {
      @Override
      public void add(Subject subject, RequestRejectedException why) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void rename(RecordRef old, RecordRef name) {
        throw new UnsupportedOperationException();
      }

      @Override
      public List<DeadLetter> list(Filter filter, String after, int limit) {
        return filter.system().equals("nowhere") ? List.of() : List.of(letter);
      }

      @Override
      public long count(Filter filter) {
        return list(filter, "", MAX_LIMIT).size();
      }

      @Override
      public Optional<DeadLetter> find(String id) {
        return Optional.of(letter).filter(l -> l.id().equals(id));
      }

      @Override
      public Optional<DeadLetter> findByRecord(RecordRef record) {
        return Optional.empty();
      }

      @Override
      public boolean retry(String id, Decider by) {
        return letter.id().equals(id);
      }

      @Override
      public int retryAll(Filter filter, Decider by) {
        return list(filter, "", MAX_LIMIT).size();
      }

      @Override
      public boolean discard(String id, Decider by) {
        return letter.id().equals(id);
      }

      @Override
      public int discardAll(Filter filter, Decider by) {
        return list(filter, "", MAX_LIMIT).size();
      }

      @Override
      public List<Decision> decisions(int limit) {
        return List.of(new Decision("d1", "correlation:p1", AT, "retried", "ann", "", "refused"));
      }
    };
  }

  /** A run that found one change; another one cannot be started while it runs. */
  @Bean
  Reconciliations reconciliations() {
    Reconciliation run =
        new Reconciliation(3, Reconciliation.Mode.REPORT, "ann", AT, null, null, 7, 2, 1);
    Drift drift =
        new Drift(
            RecordRef.parse("ticketing/incident/9d38"),
            "INC0010001",
            Drift.Problem.CHANGED,
            Map.of("incident.title", new Drift.Values("Down", "<b>Up</b>")),
            "");
    return new Reconciliations() {
      @Override
      public Optional<Progress> start(Reconciliation.Mode mode, String by) {
        return mode == Reconciliation.Mode.REPORT
            ? Optional.of(new Progress(run, Map.of(), 0, List.of()))
            : Optional.empty();
      }

      @Override
      public Optional<Progress> findLatest(int most) {
        return Optional.of(new Progress(run, Map.of(Drift.Problem.CHANGED, 1L), 0, List.of(drift)));
      }
    };
  }

  /** Knows one thing by two names; one of them is a path. */
  @Bean
  Traces traces() {
    return id ->
        List.of("#42", "ticketing/incident/9d38").contains(id)
            ? Optional.of(
                new Traces.Trace(
                    new Traces.TracedId(id, "incident", "INC0010001", ""),
                    null,
                    null,
                    List.of(),
                    List.of(),
                    List.of(),
                    "no action items",
                    List.of(new Traces.Event(AT, "INC0010001", "opened", "=1+1", "ann"))))
            : Optional.empty();
  }

  /** Its total tells what it was asked. */
  @Bean
  ActionReports actionReports() {
    return filter ->
        new ActionReports.Report(
            AT,
            0,
            new ActionReports.Group(filter.toString(), 0, 0, 0, 0, 0, 0, 0),
            List.of(),
            List.of(),
            List.of(),
            List.of());
  }

  /** Nothing is paused. */
  @Bean
  PauseOperations pauses() {
    return new PauseOperations() {
      @Override
      public List<Pause> active() {
        return List.of();
      }

      @Override
      public List<Pause> ofMapping(String mapping, Set<String> systems) {
        return List.of();
      }

      @Override
      public Pause pause(PauseScope scope, String reason, String by, @Nullable Instant until) {
        return new Pause(scope, reason, by, AT, until, false);
      }

      @Override
      public Optional<Integer> resume(PauseScope scope, String by) {
        return Optional.empty();
      }

      @Override
      public Map<String, Long> waiting() {
        return Map.of();
      }
    };
  }

  @Bean
  PausableNames pausableNames() {
    return new NamesToPause();
  }

  /** There has been none. */
  @Bean
  Backfills backfills() {
    return new Backfills() {
      @Override
      public Optional<Progress> start(
          Instant since, Selection selection, StartPolicy policy, String by) {
        return Optional.empty();
      }

      @Override
      public Optional<Progress> apply(JsonNode plan, String by) {
        return Optional.empty();
      }

      @Override
      public Optional<Progress> find(long id) {
        return Optional.empty();
      }

      @Override
      public List<Progress> latest(int most) {
        return List.of();
      }

      @Override
      public Optional<Progress> stop(String by) {
        return Optional.empty();
      }
    };
  }

  /** One proposal, number 12; its answers tell what it was asked. */
  @Bean
  Duplicates duplicates() {
    Duplicates.Member duplicate =
        new Duplicates.Member("ticketing/incident/b7", "INC0010007", "Portal down", "", AT);
    Duplicates.Member primary =
        new Duplicates.Member(
            "ticketing/incident/a1", "INC0010001", "Portal is slow", "http://t/a1", AT);
    Duplicates.Summary proposed =
        new Duplicates.Summary(12, Duplicates.State.PROPOSED, duplicate, primary, 0.87, "", "", AT);
    return new Duplicates() {
      @Override
      public List<Summary> list(List<State> states, int limit) {
        return limit == 7
            ? List.of(
                new Summary(
                    12,
                    states.isEmpty() ? State.PROPOSED : states.get(0),
                    duplicate,
                    primary,
                    null,
                    states.toString(),
                    "",
                    AT))
            : List.of(proposed);
      }

      @Override
      public Optional<Detail> find(String id) {
        return known(id)
            ? Optional.of(
                new Detail(
                    proposed,
                    List.of(new Reason(Signal.TIME, -0.05, "opened 3 days apart")),
                    List.of(new Event(AT, "proposed", "Alike", "lockstep"))))
            : Optional.empty();
      }

      @Override
      public Outcome accept(String id, @Nullable String chosen, String by) {
        return decide(id, "accepted with " + chosen + " by " + by);
      }

      @Override
      public Outcome reject(String id, String by) {
        return decide(id, "rejected by " + by);
      }

      @Override
      public Outcome split(String id, String by) {
        return known(id)
            ? new Outcome.Refused("12 is only proposed; reject it instead")
            : new Outcome.NotFound();
      }

      private boolean known(String id) {
        return List.of("12", "INC0010007").contains(id);
      }

      private Outcome decide(String id, String text) {
        return known(id) ? new Outcome.Decided(proposed, text) : new Outcome.NotFound();
      }
    };
  }
}
