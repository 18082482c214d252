package dev.lockstep.sync;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the sync engine, directly under {@code lockstep}.
 *
 * @param adoption whether two existing records that name each other become a pair; default true
 */
@ConfigurationProperties("lockstep")
record SyncSettings(
    // Not a primitive: an empty value means the default.
    @DefaultValue("true") Boolean adoption) {}
