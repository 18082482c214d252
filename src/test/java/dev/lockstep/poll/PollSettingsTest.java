package dev.lockstep.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class PollSettingsTest {
  private static final PollSettings DEFAULTS =
      new PollSettings(Duration.ofMinutes(2), Duration.ofHours(1));

  @Test
  void absentAndEmptyValuesMeanTheDefaults() {
    assertThat(bind(Map.of())).isEqualTo(DEFAULTS);
    assertThat(bind(Map.of("lockstep.poll.overlap", "", "lockstep.poll.first-look-back", "")))
        .isEqualTo(DEFAULTS);
  }

  @Test
  void readsValuesWithUnits() {
    assertThat(bind(Map.of("lockstep.poll.overlap", "30s", "lockstep.poll.first-look-back", "1d")))
        .isEqualTo(new PollSettings(Duration.ofSeconds(30), Duration.ofDays(1)));
  }

  private static PollSettings bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("lockstep.poll", PollSettings.class);
  }
}
