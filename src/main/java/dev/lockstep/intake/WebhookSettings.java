package dev.lockstep.intake;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code lockstep.webhooks}.
 *
 * @param recent how long after a webhook its system is known to send them. A duration with a unit,
 *     not negative; {@link dev.lockstep.ops.KnownSettings} refuses anything else at start-up;
 *     default 10 minutes
 */
@ConfigurationProperties("lockstep.webhooks")
record WebhookSettings(@DefaultValue("10m") Duration recent) {}
