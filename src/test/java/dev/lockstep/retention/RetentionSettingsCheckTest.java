package dev.lockstep.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionSettingsCheckTest {
  @TempDir Path folder;

  private static List<String> problems(Duration after, String archive) {
    return new RetentionSettingsCheck(new RetentionSettings(after, archive)).problems();
  }

  @Test
  void isOffUnlessATimeIsSetAndTakesAFolderThatItCanMake() {
    assertThat(new RetentionSettings(Duration.ZERO, "").isOn()).isFalse();
    assertThat(problems(Duration.ZERO, "/proc/nowhere")).isEmpty();
    assertThat(problems(Duration.ofDays(400), "")).isEmpty();
    assertThat(problems(Duration.ofDays(400), folder.resolve("new").toString())).isEmpty();
  }

  @Test
  void saysEachWrongSettingInOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(problems(Duration.ofHours(23), file.toString()))
        .hasSize(2)
        .anyMatch(line -> line.startsWith("lockstep.retention.after: PT23H is too short"))
        .anyMatch(line -> line.startsWith("lockstep.retention.archive: can't write to " + file));
  }
}
