package dev.lockstep.backfill;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code lockstep.backfill}.
 *
 * @param recordsPerMinute how many records are passed on at most; from 1, default 30
 * @param waiting while so many entries wait in the inbox, none is passed on, so that live traffic
 *     comes first; from 1, default 50
 */
@ConfigurationProperties("lockstep.backfill")
record BackfillSettings(
    // Not primitives: an empty value means the default.
    @DefaultValue("30") Integer recordsPerMinute, @DefaultValue("50") Integer waiting) {}
