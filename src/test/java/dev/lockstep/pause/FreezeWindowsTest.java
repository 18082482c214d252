package dev.lockstep.pause;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testkit.NamesToPause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

/** Freeze windows of the configuration: when they apply, and what is wrong with them. */
class FreezeWindowsTest {
  @TempDir Path dir;

  private FreezeWindows read(String yaml) throws Exception {
    Path file = Files.writeString(dir.resolve("application.yaml"), yaml);
    StandardEnvironment environment = new StandardEnvironment();
    new YamlPropertySourceLoader()
        .load("test", new FileSystemResource(file))
        .forEach(environment.getPropertySources()::addLast);
    return new FreezeWindows(environment, new NamesToPause(Set.of("jira"), Set.of("incident")));
  }

  @Test
  void aWindowPausesFromItsStartForItsDurationInItsZone() throws Exception {
    FreezeWindows windows =
        read(
            """
            lockstep:
              freeze-windows:
                - cron: "0 0 18 * * FRI"
                  zone: Europe/Zurich
                  duration: 60h
                  scope: jira
                  reason: weekend
            """);
    assertThat(windows.problems()).isEmpty();
    FreezeWindow window = windows.all().get(0);
    // Friday, 27 November 2026, 18:00 in Zurich is 17:00 UTC.
    assertThat(window.at(Instant.parse("2026-11-27T16:59:59Z"))).isEmpty();
    assertThat(window.at(Instant.parse("2026-11-27T17:00:00Z")))
        .hasValue(
            new Pause(
                PauseScope.system("jira"),
                "weekend",
                "",
                Instant.parse("2026-11-27T17:00:00Z"),
                Instant.parse("2026-11-30T05:00:00Z"),
                true));
    assertThat(window.at(Instant.parse("2026-11-30T04:59:59Z"))).isPresent();
    assertThat(window.at(Instant.parse("2026-11-30T05:00:00Z"))).isEmpty();
    // In summer it is 16:00 UTC.
    assertThat(window.at(Instant.parse("2026-07-03T16:00:00Z"))).isPresent();
    assertThat(window.at(Instant.parse("2026-07-03T15:59:59Z"))).isEmpty();
  }

  @Test
  void theDefaultIsEverythingInUtc() throws Exception {
    FreezeWindows windows =
        read(
            """
            lockstep:
              freeze-windows:
                - {cron: "0 0 1 1 12 *", duration: 2h}
            """);
    assertThat(windows.problems()).isEmpty();
    assertThat(windows.all().get(0).at(Instant.parse("2026-12-01T02:59:00Z")))
        .hasValueSatisfying(pause -> assertThat(pause.scope()).isEqualTo(PauseScope.ALL));
  }

  @Test
  void occurrencesThatOverlapAreOnePause() throws Exception {
    FreezeWindow window =
        read("""
        lockstep:
          freeze-windows:
            - {cron: "0 0 8,10,20 * * *", duration: 3h}
        """)
            .all()
            .get(0);
    assertThat(window.at(Instant.parse("2026-12-01T08:30:00Z")))
        .hasValueSatisfying(pause -> assertThat(pause.until()).isEqualTo("2026-12-01T13:00:00Z"));
    assertThat(window.at(Instant.parse("2026-12-01T13:00:00Z"))).isEmpty();
  }

  @Test
  void everyMistakeIsReportedWithFileLineAndKey() throws Exception {
    FreezeWindows windows =
        read(
            """
            lockstep:
              freeze-windows:
                - cron: "0 18 * * FRI"
                  zone: Zurich
                  duration: 60
                  scope: jria
                  colour: red
                - reason: nothing else
            """);
    String file = dir.resolve("application.yaml").toString();
    assertThat(windows.all()).isEmpty();
    assertThat(windows.problems())
        .isEqualTo(
            List.of(
                file
                    + ":7: lockstep.freeze-windows[0].colour: no such key; a freeze window has"
                    + " cron, zone, duration, scope, reason",
                file
                    + ":3: lockstep.freeze-windows[0].cron: \"0 18 * * FRI\" is no cron expression"
                    + " of six fields, seconds first; use for example \"0 0 18 * * FRI\" for every"
                    + " Friday at 18:00",
                file
                    + ":4: lockstep.freeze-windows[0].zone: \"Zurich\" is no time zone; write it"
                    + " like Europe/Zurich or UTC",
                file
                    + ":5: lockstep.freeze-windows[0].duration: \"60\" is no duration from 1s to"
                    + " 366d; write it like 30m, 8h or 2d",
                file
                    + ":6: lockstep.freeze-windows[0].scope: \"jria\" is neither a system (jira)"
                    + " nor a mapping in use (incident)",
                file
                    + ":8: lockstep.freeze-windows[1].cron: is missing; a freeze window needs cron"
                    + " and duration",
                file
                    + ":8: lockstep.freeze-windows[1].duration: is missing; a freeze window needs"
                    + " cron and duration"));
  }
}
