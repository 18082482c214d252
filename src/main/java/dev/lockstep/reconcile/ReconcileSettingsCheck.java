package dev.lockstep.reconcile;

import dev.lockstep.ops.StartupCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.scheduling.support.CronExpression;
import org.springframework.stereotype.Component;

/** Checks the settings of {@code lockstep.reconcile}. */
@Component
record ReconcileSettingsCheck(ReconcileSettings settings) implements StartupCheck {
  private static final Set<String> MODES = Set.of("repair", "report", "off");
  private static final int LEAST = 6;

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!MODES.contains(settings.mode().toLowerCase(Locale.ROOT))) {
      problems.add(
          "lockstep.reconcile.mode: \"%s\" is none of repair, report and off"
              .formatted(settings.mode()));
    }
    if (!CronExpression.isValidExpression(settings.cron())) {
      problems.add(
          ("lockstep.reconcile.cron: \"%s\" is no cron expression of six fields, seconds first; use"
                  + " for example \"0 0 3 * * *\" for 03:00 UTC every day")
              .formatted(settings.cron()));
    }
    if (settings.recordsPerMinute() < LEAST) {
      problems.add(
          "lockstep.reconcile.records-per-minute: %d is too low; use at least %d"
              .formatted(settings.recordsPerMinute(), LEAST));
    }
    return problems;
  }
}
