package dev.lockstep.inbox;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code lockstep.inbox}. Durations have a unit, such as {@code 30s}, and are not
 * negative; {@link dev.lockstep.ops.KnownSettings} refuses anything else at start-up.
 *
 * @param pollInterval interval at which the database is checked for due work; work of this process
 *     starts at once; default 1 second
 * @param threads how many entries are processed at a time; from 1; default 24
 * @param retry when a failed entry is processed again
 */
@ConfigurationProperties("lockstep.inbox")
record InboxSettings(
    @DefaultValue("1s") Duration pollInterval,
    // Not a primitive: an empty value means the default.
    @DefaultValue("24") Integer threads,
    @DefaultValue Retry retry) {

  /**
   * The delay doubles with each attempt.
   *
   * @param initialDelay before the first retry; default 1 second
   * @param maxDelay longest delay; default 60 seconds
   */
  record Retry(@DefaultValue("1s") Duration initialDelay, @DefaultValue("60s") Duration maxDelay) {}
}
