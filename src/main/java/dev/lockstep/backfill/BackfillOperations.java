package dev.lockstep.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.backfill.Backfill.Selection;
import dev.lockstep.record.Side;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.StartPolicies.OlderNotes;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Starts, shows and stops runs. */
@Component
class BackfillOperations implements Backfills {
  private static final int MOST_REFUSED = 1000;
  private static final Selection ALL = new Selection("", "", "");

  private final BackfillStore store;
  private final Backfiller backfiller;
  private final MappingCatalog mappings;
  private final MappingFingerprints fingerprints;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  BackfillOperations(
      BackfillStore store,
      Backfiller backfiller,
      MappingCatalog mappings,
      MappingFingerprints fingerprints,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.store = store;
    this.backfiller = backfiller;
    this.mappings = mappings;
    this.fingerprints = fingerprints;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  @Override
  public Optional<Progress> start(
      Instant since, Selection selection, StartPolicy policy, String by) {
    requireKind(selection.kind());
    requireSystem(selection);
    requireField(policy.adoptBy());
    int feeds = backfiller.feeds(selection).size();
    return transaction
        .execute(
            status ->
                recorded(
                    store.start(Backfill.Source.CHANGED, since, selection, policy, by, feeds),
                    "started",
                    by))
        .map(this::progress);
  }

  private Optional<Backfill> recorded(Optional<Backfill> run, String what, String by) {
    run.ifPresent(
        changed ->
            audit.record(
                new AuditSubject("backfill", String.valueOf(changed.id())),
                List.of(new AuditEntry(what, "Backfill " + what, Map.of(), by))));
    return run;
  }

  private void requireKind(String kind) {
    TreeSet<String> kinds =
        mappings.all().stream()
            .flatMap(mapping -> Stream.of(Side.values()).map(mapping::kind))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!kind.isEmpty() && !kinds.contains(kind)) {
      throw new RefusedException(
          "kind: no mapping in use has records of kind '%s'; use %s"
              .formatted(kind, String.join(" or ", kinds)));
    }
  }

  private void requireSystem(Selection selection) {
    Set<String> systems = systems(new Selection("", selection.kind(), selection.query()));
    if (!selection.query().isEmpty() && selection.system().isEmpty()) {
      throw new RefusedException(
          "system: say whose query it is; use %s".formatted(String.join(" or ", systems)));
    }
    if (!selection.system().isEmpty() && !systems.contains(selection.system())) {
      throw new RefusedException(
          "system: '%s' is in no mapping in use%s%s"
              .formatted(
                  selection.system(),
                  selection.query().isEmpty() ? "" : ", or takes no query",
                  systems.isEmpty() ? "" : "; use " + String.join(" or ", systems)));
    }
  }

  private Set<String> systems(Selection selection) {
    return backfiller.feeds(selection).stream()
        .map(Backfiller.Feed::system)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void requireField(String adoptBy) {
    boolean known =
        adoptBy.isEmpty()
            || adoptBy.equals(StartPolicy.CORRELATION)
            || mappings.all().stream()
                .flatMap(mapping -> mapping.fields().stream())
                .anyMatch(field -> field.name().equals(adoptBy));
    if (!known) {
      throw new RefusedException(
          "adopt-by: no mapping in use has a field '%s'; use %s, or map the field (docs/mapping.md)"
              .formatted(adoptBy, StartPolicy.CORRELATION));
    }
  }

  @Override
  public Optional<Progress> apply(JsonNode plan, String by) {
    requirePlan(plan);
    StartPolicy policy =
        new StartPolicy(
            OlderNotes.valueOf(plan.path("notes").asText("ALL").toUpperCase(Locale.ROOT)),
            plan.path("adoptBy").asText(""));
    return transaction
        .execute(
            status -> {
              Optional<Backfill> run =
                  recorded(
                      store.start(Backfill.Source.PLAN, null, ALL, policy, by, 0), "started", by);
              run.ifPresent(
                  started ->
                      PlannedGroups.of(plan.path("records"))
                          .forEach((record, basis) -> store.add(started, record, basis)));
              return run;
            })
        .map(this::progress);
  }

  private void requirePlan(JsonNode plan) {
    if (!plan.path("records").isArray() || !plan.path("mappings").isObject()) {
      throw new RefusedException("This is not a plan; make one with `./lockstep plan --save FILE`");
    }
    Map<String, String> inUse = fingerprints.inUse();
    for (Map.Entry<String, JsonNode> planned : plan.path("mappings").properties()) {
      if (!planned.getValue().asText().equals(inUse.get(planned.getKey()))) {
        throw new RefusedException(
            "The plan was made with another version of mapping '%s' than the service uses; plan again"
                .formatted(planned.getKey()));
      }
    }
    if (inUse.size() != plan.path("mappings").size()) {
      throw new RefusedException(
          "The plan was made with the mappings %s, the service uses %s; plan again"
              .formatted(
                  String.join(", ", iterable(plan.path("mappings"))),
                  String.join(", ", new TreeSet<>(inUse.keySet()))));
    }
  }

  private static Iterable<String> iterable(JsonNode object) {
    return object::fieldNames;
  }

  @Override
  public Optional<Progress> find(long id) {
    return store.find(id).map(this::progress);
  }

  @Override
  public List<Progress> latest(int most) {
    return store.latest(most).stream().map(this::progress).toList();
  }

  @Override
  public Optional<Progress> stop(String by) {
    return transaction
        .execute(status -> recorded(store.stop(by), "stopped", by))
        .map(this::progress);
  }

  private Progress progress(Backfill run) {
    BackfillStore.Counts counts = store.count(run);
    BackfillStore.Started started = store.countStarted(run);
    return new Progress(
        run,
        counts.found(),
        counts.waiting(),
        counts.pending(),
        store.refused(run, MOST_REFUSED),
        backfiller.done(run, clock.instant()),
        started.created(),
        started.adopted());
  }
}
