package dev.lockstep.backfill;

import dev.lockstep.ops.StartupCheck;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Checks the settings of {@code lockstep.backfill}. */
@Component
record BackfillSettingsCheck(BackfillSettings settings) implements StartupCheck {

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    requirePositive(problems, "records-per-minute", settings.recordsPerMinute());
    requirePositive(problems, "waiting", settings.waiting());
    return problems;
  }

  private static void requirePositive(List<String> problems, String name, int value) {
    if (value < 1) {
      problems.add("lockstep.backfill.%s: %d is too low; use at least 1".formatted(name, value));
    }
  }
}
