package dev.lockstep.dryrun;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.dryrun.ChangePlan.PlannedRecord;
import dev.lockstep.dryrun.PlanProcess.NoPlanException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Plans of operators, one at a time: makes them in a process of their own, keeps them, and hands
 * them out to be carried out.
 */
@Component
public final class SavedPlans implements DisposableBean {
  private static final Logger LOG = LoggerFactory.getLogger(SavedPlans.class);
  private static final Duration SEEN_WITHIN = Duration.ofMinutes(1);
  private static final String GONE = "The process that planned is gone; plan again";
  private static final String CLOSED = "The service was stopped; plan again";
  private static final String KIND = "plan";

  /** They contain texts of tickets. */
  private static final int KEPT = 20;

  private final SavedPlanStore store;
  private final PlanLauncher launcher;
  private final ObjectMapper json;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  /** Says that plans go on, and stops them; never waits for one. */
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(work -> thread(work, "saved-plans"));

  private final Set<PlanProcess> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  SavedPlans(
      SavedPlanStore store,
      PlanLauncher launcher,
      ObjectMapper json,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.store = store;
    this.launcher = launcher;
    this.json = json;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  private static Thread thread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * A record that would be written to.
   *
   * @param position in the plan, from 1
   */
  public record Line(int position, PlannedRecord record) {}

  /**
   * Starts planning.
   *
   * @param by the operator
   * @return empty if another plan is being made
   */
  public Optional<SavedPlan> start(SavedPlan.Request request, String by) {
    Optional<SavedPlan> started =
        transaction.execute(
            status -> {
              failUnseen();
              store.prune(KEPT - 1);
              Optional<SavedPlan> plan = store.start(request, by, clock.instant());
              plan.ifPresent(made -> record(made.id(), "started", "Planning started", by));
              return plan;
            });
    // The one before may still be ending: each waits for its process in a thread of its own.
    started.ifPresent(plan -> thread(() -> make(plan), "plan-" + plan.id()).start());
    return started;
  }

  private void record(long plan, String what, String text, String by) {
    audit.record(
        new AuditSubject(KIND, String.valueOf(plan)),
        List.of(new AuditEntry(what, text, Map.of(), by)));
  }

  private void failUnseen() {
    store.failUnseen(clock.instant().minus(SEEN_WITHIN), GONE, clock.instant());
  }

  private void make(SavedPlan plan) {
    try {
      run(plan);
    } catch (DataAccessException | TransactionException e) {
      // It counts as ended as soon as the database is back.
      LOG.warn("A plan cannot be stored: {}", e.getMessage());
    }
  }

  private void run(SavedPlan plan) {
    PlanProcess process;
    try {
      process = new PlanProcess(launcher.launch(options(plan.request())), json);
    } catch (IOException e) {
      LOG.warn("No process can be started for a plan", e);
      store.fail(plan, "No process can be started: " + e.getMessage(), clock.instant());
      return;
    }
    running.add(process);
    if (closing) {
      process.stop();
    }
    Future<?> watched =
        watch.scheduleWithFixedDelay(() -> advance(plan, process), 0, 1, TimeUnit.SECONDS);
    try (JsonParser output = process.await()) {
      read(plan, process, output);
    } catch (NoPlanException e) {
      fail(plan, String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("A plan cannot be read", e);
      fail(plan, process.reason());
    } finally {
      watched.cancel(false);
      process.stop();
      running.remove(process);
    }
  }

  private void fail(SavedPlan plan, String problem) {
    store.fail(plan, closing ? CLOSED : problem, clock.instant());
  }

  private void read(SavedPlan plan, PlanProcess process, JsonParser output) {
    transaction.executeWithoutResult(
        status -> {
          AtomicInteger records = new AtomicInteger();
          ObjectNode summary =
              process.read(output, record -> store.add(plan, records.incrementAndGet(), record));
          if (!store.finish(plan, summary, records.get(), clock.instant())) {
            status.setRollbackOnly();
          }
        });
  }

  private void advance(SavedPlan plan, PlanProcess process) {
    try {
      if (!store.advance(plan, process.progress(), clock.instant())) {
        process.stop();
      }
    } catch (DataAccessException | TransactionException e) {
      LOG.debug("The progress of a plan cannot be stored", e);
    }
  }

  private static List<String> options(SavedPlan.Request request) {
    List<String> options = new ArrayList<>(List.of("--json", "--progress"));
    options.add("--limit=" + request.most());
    options.add("--notes=" + request.policy().notes().label());
    add(options, "--since", request.since() == null ? "" : request.since().toString());
    add(options, "--system", request.system());
    add(options, "--kind", request.kind());
    add(options, "--query", request.query());
    add(options, "--adopt-by", request.policy().adoptBy());
    return options;
  }

  private static void add(List<String> options, String name, String value) {
    if (!value.isEmpty()) {
      options.add(name + "=" + value);
    }
  }

  /**
   * Stops the one that is being made.
   *
   * @return false if there is none
   */
  public boolean stop(String by) {
    Optional<SavedPlan> stopped =
        transaction.execute(
            status -> {
              Optional<SavedPlan> plan = store.stop(by, clock.instant());
              plan.ifPresent(made -> record(made.id(), "stopped", "Planning stopped", by));
              return plan;
            });
    return stopped.isPresent();
  }

  /** Newest first. */
  public List<SavedPlan> latest() {
    failUnseen();
    return store.latest(KEPT);
  }

  public Optional<SavedPlan> find(long plan) {
    return store.find(plan);
  }

  /**
   * The records that would be written to, in the order of their first write.
   *
   * @param system only of this system; empty for all
   * @param operation only CREATE, UPDATE or NOTES; empty for all
   * @param after from the one after this position
   */
  public List<Line> records(long plan, String system, String operation, int after, int most) {
    return store.records(plan, system, operation, after, most);
  }

  /**
   * Has a plan carried out, and remembers by which run: both, or neither.
   *
   * @param carrier starts the run; gets all but the values, which are decided on again
   * @return the run; empty if none can be started now, or another one carries the plan out
   */
  public Optional<Long> apply(
      SavedPlan plan, String by, Function<ObjectNode, Optional<Long>> carrier) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              Optional<Long> run =
                  store
                      .lock(plan.id())
                      .filter(SavedPlan::isToApply)
                      .flatMap(unapplied -> carrier.apply(document(unapplied)));
              run.ifPresent(
                  backfill -> {
                    store.setBackfill(plan.id(), backfill);
                    record(plan.id(), "applied", "Carried out by backfill " + backfill, by);
                  });
              return run;
            }));
  }

  private ObjectNode document(SavedPlan plan) {
    ObjectNode document = json.valueToTree(plan.summary());
    ArrayNode records = document.putArray("records");
    store.bases(plan.id()).forEach(basis -> records.addObject().set("basis", basis));
    return document;
  }

  /**
   * @return false if there is none, or it is being made
   */
  public boolean delete(long plan, String by) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              boolean deleted = store.delete(plan);
              if (deleted) {
                record(plan, "deleted", "Plan deleted", by);
              }
              return deleted;
            }));
  }

  @Override
  public void destroy() {
    closing = true;
    running.forEach(PlanProcess::stop);
    watch.shutdownNow();
  }
}
