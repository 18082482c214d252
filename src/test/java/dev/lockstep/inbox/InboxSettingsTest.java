package dev.lockstep.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class InboxSettingsTest {
  private static final InboxSettings DEFAULTS =
      new InboxSettings(
          Duration.ofSeconds(1),
          24,
          new InboxSettings.Retry(Duration.ofSeconds(1), Duration.ofMinutes(1)));

  @Test
  void absentAndEmptyValuesMeanTheDefaults() {
    assertThat(bind(Map.of())).isEqualTo(DEFAULTS);
    assertThat(bind(Map.of("lockstep.inbox.threads", "", "lockstep.inbox.retry.initial-delay", "")))
        .isEqualTo(DEFAULTS);
  }

  @Test
  void readsTheGroupOfRetries() {
    assertThat(bind(Map.of("lockstep.inbox.retry.max-delay", "5m")).retry())
        .isEqualTo(new InboxSettings.Retry(Duration.ofSeconds(1), Duration.ofMinutes(5)));
  }

  private static InboxSettings bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("lockstep.inbox", InboxSettings.class);
  }
}
