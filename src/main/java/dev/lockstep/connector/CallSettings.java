package dev.lockstep.connector;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of {@code lockstep.calls}. {@link dev.lockstep.ops.KnownSettings} refuses what is not a
 * size, or not a duration with a unit, at start-up.
 *
 * @param answerSize maximum size of an answer after decompression, such as {@code 8MB}, the default
 * @param answerWithin maximum time for a complete answer; default 60 seconds
 */
@ConfigurationProperties("lockstep.calls")
record CallSettings(
    @DefaultValue("8MB") DataSize answerSize, @DefaultValue("60s") Duration answerWithin) {}
