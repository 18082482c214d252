package dev.lockstep.duplicates;

import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a ticket before its pairs are synced.
 *
 * @param link its link to a primary, if it is a duplicate
 * @param pair its pair before it is synced; null if it is in none
 * @param record a known ticket that is in no pair; null if there is none
 */
record Comparison(
    Mapping mapping, Optional<Duplicate> link, @Nullable Pair pair, @Nullable RecordRef record) {}
