package dev.lockstep.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReconcileSettingsCheckTest {
  private static List<String> problems(String mode, String cron, int recordsPerMinute) {
    return new ReconcileSettingsCheck(new ReconcileSettings(mode, cron, recordsPerMinute))
        .problems();
  }

  @Test
  void takesTheDefaultsAndEachMode() {
    for (String mode : List.of("repair", "report", "OFF")) {
      assertThat(problems(mode, "0 0 3 * * *", 60)).isEmpty();
    }
  }

  @Test
  void saysEachWrongSettingInOneLine() {
    assertThat(problems("fix", "3 am", 5))
        .hasSize(3)
        .anyMatch(line -> line.startsWith("lockstep.reconcile.mode: \"fix\" is none of"))
        .anyMatch(line -> line.startsWith("lockstep.reconcile.cron: \"3 am\" is no cron"))
        .anyMatch(line -> line.startsWith("lockstep.reconcile.records-per-minute: 5 is too low"))
        .allMatch(line -> !line.contains("\n"));
  }
}
