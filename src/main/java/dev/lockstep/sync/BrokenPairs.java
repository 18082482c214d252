package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Marks the pairs of a record that no longer exists; they wait until it reappears. */
@Component
class BrokenPairs {
  private static final Logger LOG = LoggerFactory.getLogger(BrokenPairs.class);

  private final PairTransaction journal;

  BrokenPairs(PairTransaction journal) {
    this.journal = journal;
  }

  void mark(Pass pass, RecordNotFoundException gone) {
    mark(pass, gone.ref(), gone);
  }

  void mark(Pass pass, RecordRef ref, RecordNotFoundException gone) {
    String why = String.valueOf(gone.getMessage());
    pass.markUnavailable(ref);
    for (Pair pair : pass.correlation().pairsOf(ref)) {
      if (pair.isLive()) {
        LOG.warn("Pair {} is broken: {}", pair.id(), why);
        Map<String, String> gaps = new HashMap<>(pair.gaps());
        gaps.put("record", why);
        journal.commit(
            pass,
            pass.pair(pair.id()).withState(Pair.State.BROKEN).withGaps(gaps),
            List.of(new AuditEntry("broken", why, Map.of())),
            List.of());
      }
    }
  }
}
