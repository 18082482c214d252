package dev.lockstep.retention;

import dev.lockstep.ops.StartupCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Checks the settings of {@code lockstep.retention}. */
@Component
record RetentionSettingsCheck(RetentionSettings settings) implements StartupCheck {
  private static final Duration LEAST = Duration.ofDays(1);

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (settings.isOn() && settings.after().compareTo(LEAST) < 0) {
      problems.add(
          "lockstep.retention.after: %s is too short; use at least 1d, or 0s for never"
              .formatted(settings.after()));
    }
    settings
        .archiveFolder()
        .filter(folder -> settings.isOn() && !isWritable(folder))
        .ifPresent(
            folder ->
                problems.add(
                    "lockstep.retention.archive: can't write to %s; name a folder that Lockstep may"
                            .formatted(folder)
                        + " write to"));
    return problems;
  }

  private static boolean isWritable(Path folder) {
    try {
      return Files.isWritable(Files.createDirectories(folder));
    } catch (IOException e) {
      return false;
    }
  }
}
