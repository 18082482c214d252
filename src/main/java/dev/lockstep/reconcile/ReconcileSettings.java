package dev.lockstep.reconcile;

import java.util.Locale;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code lockstep.reconcile}; {@link ReconcileSettingsCheck} refuses wrong values at
 * start.
 *
 * @param mode of scheduled runs: {@code repair}, {@code report} or {@code off}; default {@code
 *     repair}
 * @param cron when they start, in UTC, as six fields with seconds first; default 03:00 every day
 * @param recordsPerMinute how many records are fetched at most; at least 6, default 60
 */
@ConfigurationProperties("lockstep.reconcile")
record ReconcileSettings(
    @DefaultValue("repair") String mode,
    @DefaultValue("0 0 3 * * *") String cron,
    // Not a primitive: an empty value means the default.
    @DefaultValue("60") Integer recordsPerMinute) {

  /** Empty if runs are not scheduled. */
  Optional<Reconciliation.Mode> scheduledMode() {
    return mode.equalsIgnoreCase("off")
        ? Optional.empty()
        : Optional.of(Reconciliation.Mode.valueOf(mode.toUpperCase(Locale.ROOT)));
  }
}
