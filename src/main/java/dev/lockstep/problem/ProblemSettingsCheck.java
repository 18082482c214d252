package dev.lockstep.problem;

import dev.lockstep.ops.StartupCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Checks the settings of {@code lockstep.problems}. */
@Component
record ProblemSettingsCheck(ProblemSettings settings) implements StartupCheck {
  private static final Set<String> MODES = Set.of("off", "propose", "automatic");
  private static final int FEWEST = 2;
  private static final Duration LONGEST = Duration.ofDays(366);

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!MODES.contains(settings.normalized())) {
      problems.add(
          "lockstep.problems.mode: \"%s\" is none of off, propose and automatic"
              .formatted(settings.mode()));
    }
    if (settings.incidents() < FEWEST) {
      problems.add(
          "lockstep.problems.incidents: %d is too low; use at least %d"
              .formatted(settings.incidents(), FEWEST));
    }
    if (settings.within().compareTo(Duration.ofHours(1)) < 0
        || settings.within().compareTo(LONGEST) > 0) {
      problems.add("lockstep.problems.within: use between 1h and 366d");
    }
    return problems;
  }
}
