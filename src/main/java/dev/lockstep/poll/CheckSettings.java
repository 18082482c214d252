package dev.lockstep.poll;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code lockstep.checks}: of what is asked while Lockstep runs.
 *
 * @param interval how often; default 5 minutes
 * @param repair whether what a system switched off is switched on again, for example a webhook
 *     subscription; default true
 */
@ConfigurationProperties("lockstep.checks")
record CheckSettings(
    @DefaultValue("5m") Duration interval,
    // Not a primitive: an empty value means the default.
    @DefaultValue("true") Boolean repair) {}
