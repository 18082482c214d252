package dev.lockstep.poll;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code lockstep.poll}. Both are durations with a unit, such as {@code 30s}, and not
 * negative; {@link dev.lockstep.ops.KnownSettings} refuses anything else at start-up.
 *
 * @param overlap how far before the last watermark each poll starts reading; default 2 minutes
 * @param firstLookBack how far back the first poll of a feed reads; default 1 hour
 */
@ConfigurationProperties("lockstep.poll")
record PollSettings(
    @DefaultValue("2m") Duration overlap, @DefaultValue("1h") Duration firstLookBack) {}
