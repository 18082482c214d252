package dev.lockstep.duplicates;

import dev.lockstep.record.Snapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is known to be now.
 *
 * @param primaryId the primary its system says it hangs under; empty: none; null: that is not known
 * @param openedAt null where that is not known
 */
record Observed(Snapshot seen, @Nullable String primaryId, @Nullable Instant openedAt) {}
