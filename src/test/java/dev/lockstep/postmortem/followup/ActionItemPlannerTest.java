package dev.lockstep.postmortem.followup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemAudit;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.ChangeRequestState;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.postmortem.settings.PostmortemSettings.Guard;
import dev.lockstep.postmortem.settings.PostmortemSettings.Renewal;
import dev.lockstep.postmortem.settings.PostmortemSettings.Reopened;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.Pass;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.RecordedWork;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TableMapping;
import dev.lockstep.testkit.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One item at a time, while others change it and its change request comes and goes. */
class ActionItemPlannerTest {
  private static final LocalDate DUE = LocalDate.parse("2026-12-01");

  private final SettableClock clock = new SettableClock();
  private final ObjectMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();
  private final HikariDataSource database = TestDatabase.migrated();
  private final JdbcClient jdbc = JdbcClient.create(database);
  private final AuditStore audit = new AuditStore(jdbc, json, clock);
  private final PairStore pairs =
      new PairStore(jdbc, json, new RecordStore(jdbc, json), audit, clock);
  private final ActionItemStore store = new ActionItemStore(jdbc, json, clock);
  private final List<RecordRef> woken = new ArrayList<>();
  private final ActionItems items =
      new ActionItems(
          store,
          new ActionItemAudit(audit),
          pairs,
          new RecordedWork(woken::add),
          PostmortemSettings.DEFAULT,
          new TransactionTemplate(new JdbcTransactionManager(database)),
          clock,
          new SimpleMeterRegistry());

  /** What happens while the system of changes is asked for an owner. */
  private Runnable meanwhile = () -> {};

  private final ActionItemPlanner pass =
      new ActionItemPlanner(
          items, new Changes(), null, new Asked(), null, null, PostmortemSettings.DEFAULT);

  private final class Asked extends OwnerResolver {
    Asked() {
      super(new FakeSystems(), PostmortemSettings.DEFAULT);
    }

    @Override
    public ResolvedOwner find(String system, String written) {
      meanwhile.run();
      return super.find(system, written);
    }
  }

  private static final class Changes implements MappingCatalog {
    private final Mapping mapping =
        new TableMapping(List.of(), Set.of()).between("action-item", "itsm", "lockstep");

    @Override
    public List<Mapping> all() {
      return List.of(mapping);
    }

    @Override
    public List<Mappings.MappedSide> forRecord(String system, String kind) {
      return List.of(new Mappings.MappedSide(mapping, Side.RIGHT));
    }

    @Override
    public Optional<Mapping> findByName(String name) {
      return Optional.of(mapping);
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  private ActionItem added(SourceItem said) {
    ActionItem item = items.add(null, "jira", "jira/issue/1", null, said, clock.instant());
    woken.clear();
    return item;
  }

  private static SourceItem said(@Nullable String owner, @Nullable LocalDate due) {
    return new SourceItem(
        null, 0, "Do it", "", owner, due, null, Set.of(), "OPS-1", false, List.of());
  }

  private ActionItem now(ActionItem item) {
    return store.find(item.id()).orElseThrow();
  }

  @Test
  void whoWasLookedForIsNotTheOwnerIfAnotherWasNamedMeanwhile() {
    ActionItem item = added(said("ann@example.com", DUE));
    SourceItem other = said("ben@example.com", DUE);
    meanwhile =
        () ->
            items.change(item.id(), "", null, now -> now.edit().sourceItem(other).owner("").done());

    pass.plan(item.ref());
    meanwhile = () -> {};
    pass.plan(item.ref());

    assertThat(now(item).owner()).isEqualTo("ben@example.com");
  }

  @Test
  void aChangeThatIsThereAgainIsWhereItWas() {
    ActionItem item = added(said("ann@example.com", DUE));
    ChangeRequestState change =
        new ChangeRequestState("CHG1", "closed", "successful", "ann", "", "", false);
    items.change(
        item.id(),
        "",
        null,
        now -> now.edit().counterpart("itsm/change-request/c1").change(change).done());
    UUID pair = UUID.randomUUID();
    pairs.insert(pair(pair, item), new AuditEntry("created", "", Map.of()));

    report(Pair.State.BROKEN, item);
    assertThat(now(item).statusText()).isEqualTo("open again: CHG1 was deleted");

    report(Pair.State.LINKED, item);
    assertThat(now(item).statusText()).isEqualTo("deployed: CHG1 was closed successful");
  }

  /** After its pair was found in that state. */
  private void report(Pair.State found, ActionItem item) {
    UUID correlation = pairs.findAll(item.ref()).get(0).correlation();
    Pass synced =
        new Pass(
            new InboxEntry(
                new Subject.OfCorrelation(correlation), false, Map.of(), clock.instant()),
            pairs.load(correlation),
            null,
            (now, gone) -> {});
    Pair pair = synced.correlation().pairs().get(0);
    synced.store(pairs.save(pair.withState(found), List.of()));
    new ActionItemStep(
            new IncidentLookup(new Changes(), null, pairs, null, null, null, jdbc), pass, null)
        .report(synced);
  }

  private static Pair pair(UUID id, ActionItem item) {
    RecordRef change = RecordRef.parse("itsm/change-request/c1");
    return Pair.start(id, UUID.randomUUID(), "action-item", Side.LEFT, seen(item.ref(), item.key()))
        .seen(Side.RIGHT, seen(change, "CHG1"))
        .withState(Pair.State.LINKED);
  }

  private static RecordState seen(RecordRef ref, String key) {
    return RecordState.of(
        "action-item", new Snapshot(ref, key, "", Version.count(1), Instant.EPOCH, "", Map.of()));
  }

  @Test
  void whatTheConfigurationMaySayByNowIsPlannedAgain() {
    ActionItem nobodys = added(said(null, DUE));
    ActionItem undated = items.add(null, "x", "2", null, other("ann@example.com"), clock.instant());
    items.change(undated.id(), "", null, now -> now.edit().owner("ann@example.com").done());
    woken.clear();

    new ClosureSweep(new ClosureStore(jdbc), store, items, PostmortemSettings.DEFAULT, clock)
        .scheduleUnplannedItems();

    assertThat(woken).containsExactly(nobodys.ref(), undated.ref());
  }

  @Test
  void whatFailedBeforeTheSettingsWantedAnotherChangeGetsOneInTheRounds() {
    ActionItem item = added(said("ann@example.com", DUE));
    ChangeRequestState failed = new ChangeRequestState("CHG1", "cancelled", "", "", "", "", false);
    items.change(
        item.id(),
        "",
        null,
        now ->
            now.edit()
                .owner("ann@example.com")
                .counterpart("itsm/change-request/c1")
                .change(failed)
                .done());
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.REOPENED);
    ActionItems restarted =
        new ActionItems(
            store,
            new ActionItemAudit(audit),
            pairs,
            new RecordedWork(woken::add),
            new PostmortemSettings(
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                new Reopened(Renewal.NEW_CHANGE, 2),
                Guard.DEFAULT),
            new TransactionTemplate(new JdbcTransactionManager(database)),
            clock,
            new SimpleMeterRegistry());

    new ClosureSweep(new ClosureStore(jdbc), store, restarted, PostmortemSettings.DEFAULT, clock)
        .scheduleUnplannedItems();

    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.READY);
    assertThat(woken).contains(now(item).ref());
  }

  private static SourceItem other(String owner) {
    return new SourceItem(
        null, 0, "Do that", "", owner, null, "P1", Set.of(), null, false, List.of());
  }
}
