package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import dev.lockstep.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An integration user whose time zone is not the one that times are stored in. */
final class TimeZoneTest {
  private static final String FEED = "list-changed-incident";

  private final SettableClock clock = new SettableClock();
  private final Instant since = clock.instant().minus(Duration.ofHours(1));
  private @Nullable ServiceNowSimulator started;
  private @Nullable ConnectorKit kit;

  private ServiceNowSimulator start(String zone) {
    ServiceNowSimulator instance =
        ServiceNowSimulator.start(
            new ServiceNowOptions().clock(clock).userTimeZone(ZoneId.of(zone)));
    Map<String, String> settings = ConnectorKit.settings(0);
    settings.put("SERVICENOW_URL", instance.url());
    settings.put("SERVICENOW_PASSWORD", "lockstep");
    settings.put("SERVICENOW_READ_TIMEOUT", "20s");
    kit = new ConnectorKit(List.of(Path.of("connectors")), settings, clock, Set.of());
    started = instance;
    return instance;
  }

  private Connectors connectors() {
    return Objects.requireNonNull(kit).connectors;
  }

  @AfterEach
  void close() {
    Objects.requireNonNull(kit).close();
    Objects.requireNonNull(started).close();
  }

  private void ticket() {
    connectors()
        .create(
            "servicenow",
            "incident",
            ConnectorContract.json("{\"short_description\":\"x\"}"),
            "far",
            "#1");
  }

  private ChangePage changed() {
    return connectors().listChanged("servicenow", "incident", FEED, since, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu"})
  void isReportedWithWhatToDo(String zone) {
    start(zone);
    ticket();
    // Times read as earlier ones show themselves only by an older record.
    clock.advance(Duration.ofMinutes(10));
    ticket();
    assertThatThrownBy(this::changed)
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            e -> {
              assertThat(e.answer()).contains("reads times in questions");
              assertThat(e.advice()).contains("GMT");
            });
  }

  @Test
  void thatIsGmtIsCheckedOnceAnHour() {
    ServiceNowSimulator instance = start("UTC");
    assertThat(changed().records()).as("there is nothing to compare with").isEmpty();
    ticket();
    assertThat(changed().records()).hasSize(1);
    long before = instance.calls().reads();
    assertThat(changed().records()).hasSize(1);
    assertThat(instance.calls().reads()).isEqualTo(before + 1);
    clock.advance(Duration.ofHours(2));
    changed();
    assertThat(instance.calls().reads()).isEqualTo(before + 4);
  }
}
