package dev.lockstep.retention;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings.MappedSide;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.sync.MappingCatalog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes correlations that are over and did not change for the time set, each in one transaction.
 * None of their records would start syncing as it is. If one is reopened, its counterpart and the
 * notes on it are recognized by what Lockstep wrote into the systems.
 */
@Component
class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final int PAGE = 200;

  /** One run must not keep other recurring work waiting for long; the next one continues. */
  private static final int MOST = 5_000;

  private final RetentionStore store;
  private final RetentionArchive archive;
  private final RetentionSettings settings;
  private final PairStore pairs;
  private final MappingCatalog mappings;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final Counter deleted;

  Retention(
      RetentionStore store,
      RetentionArchive archive,
      RetentionSettings settings,
      PairStore pairs,
      MappingCatalog mappings,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    this.store = store;
    this.archive = archive;
    this.settings = settings;
    this.pairs = pairs;
    this.mappings = mappings;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
    this.deleted = metrics.counter("lockstep.retention.deleted");
  }

  void run() {
    Instant now = clock.instant();
    Instant before = now.minus(settings.after());
    int correlations = deleteCorrelations(before);
    int tickets = deleteTickets(before);
    int entries = store.deleteOtherAudit(before);
    int plans = store.deletePlans(before);
    if (correlations + tickets + entries + plans > 0) {
      report(
          now,
          before,
          "Deleted %d correlations, %d tickets in none, %d other entries of the audit and %d saved plans"
              .formatted(correlations, tickets, entries, plans));
    }
  }

  private void report(Instant now, Instant before, String text) {
    audit.record(
        new AuditSubject("retention", now.toString()),
        List.of(
            new AuditEntry(
                "deleted",
                text,
                Map.of("unchanged since", before.toString(), "archive", settings.archive()))));
    LOG.info("{} that did not change since {}", text, before);
  }

  private int deleteCorrelations(Instant before) {
    int count = 0;
    UUID position = null;
    List<UUID> page;
    do {
      page = store.unchangedSince(before, position, PAGE);
      for (UUID correlation : page) {
        position = correlation;
        if (Boolean.TRUE.equals(transaction.execute(status -> delete(correlation, before)))) {
          deleted.increment();
          count++;
        }
      }
    } while (page.size() == PAGE && count < MOST);
    return count;
  }

  private boolean delete(UUID id, Instant before) {
    if (!store.lock(id)) {
      return false;
    }
    // Loaded under the lock: nobody changes it from here on.
    Correlation correlation = pairs.load(id);
    boolean isOver =
        correlation.pairs().stream().allMatch(this::isOver)
            && correlation.states().values().stream().noneMatch(this::wouldStart)
            && store.isUnchangedSince(before, id)
            && !store.isNeeded(correlation.records(), before);
    if (isOver) {
      archive.append(clock.instant(), store.toJson(correlation.records(), id));
      store.delete(correlation.records(), id);
    }
    store.unlock(id);
    return isOver;
  }

  /** Whether one of its records is closed, so that nothing is synced any more. */
  private boolean isOver(Pair pair) {
    Mapping mapping = mappings.findByName(pair.mapping()).orElse(null);
    return pair.state().isOver()
        || mapping != null
            && pair.state() != Pair.State.LINKING
            && (isClosed(mapping, Side.LEFT, pair.leftSeen())
                || isClosed(mapping, Side.RIGHT, pair.rightSeen()));
  }

  private static boolean isClosed(Mapping mapping, Side side, @Nullable Snapshot seen) {
    return seen != null && mapping.isClosed(side, seen.values());
  }

  private boolean wouldStart(RecordState record) {
    return mappings.forRecord(record.ref().system(), record.ref().kind()).stream()
        .anyMatch(place -> startsSync(place, record));
  }

  private static boolean startsSync(MappedSide place, RecordState record) {
    return place.mapping().startsSync(place.side(), record.in(place.mapping().name()).values());
  }

  private int deleteTickets(Instant before) {
    List<Set<RecordRef>> tickets = store.ticketsClosedBefore(before, MOST);
    for (Set<RecordRef> records : tickets) {
      transaction.executeWithoutResult(
          status -> {
            archive.append(clock.instant(), store.toJson(records, null));
            store.delete(records, null);
          });
    }
    return tickets.size();
  }
}
