package dev.lockstep.duplicates.consolidate;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code lockstep.notes}.
 *
 * @param copiedWithin how long a system may take to copy a comment to a duplicate by itself: so
 *     long it is looked for there before Lockstep copies it. A duration with a unit, not negative;
 *     {@link dev.lockstep.ops.KnownSettings} refuses anything else at start-up; default 5 seconds
 */
@ConfigurationProperties("lockstep.notes")
public record ConsolidateSettings(@DefaultValue("5s") Duration copiedWithin) {}
