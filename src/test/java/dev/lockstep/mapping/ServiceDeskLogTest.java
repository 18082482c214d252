package dev.lockstep.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapping.FieldMapping.Translation;
import dev.lockstep.record.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A real service desk's log (UCI 498, "Incident management process enriched event log"), where it
 * is present: every step of every ticket must have a meaning on the other side.
 */
class ServiceDeskLogTest {

  private static final Map<String, String> STATES =
      Map.of(
          "New", "1",
          "Active", "2",
          "Awaiting User Info", "3",
          "Awaiting Evidence", "3",
          "Awaiting Problem", "3",
          "Awaiting Vendor", "3",
          "Resolved", "6",
          "Closed", "7");

  private final List<Map<String, String>> events = new ArrayList<>();

  @BeforeEach
  void readTheLog() throws IOException {
    String shared =
        System.getProperty(
            "LOCKSTEP_SHARED", System.getenv().getOrDefault("LOCKSTEP_SHARED", "../shared"));
    Path log = Path.of(shared, "datasets", "servicenow-incident-log.csv");
    Assumptions.assumeTrue(Files.isReadable(log), "no service desk log here");
    List<String> lines = Files.readAllLines(log);
    String[] names = lines.get(0).split(",", -1);
    for (String line : lines.subList(1, lines.size())) {
      String[] values = line.split(",", -1);
      Map<String, String> event = new HashMap<>();
      for (int i = 0; i < names.length; i++) {
        event.put(names[i], values[i]);
      }
      events.add(event);
    }
  }

  @Test
  void everyStateOfEveryTicketIsFollowedToTheEnd() {
    FieldMapping status = Shipped.field("status");
    Map<String, String> right = new HashMap<>();

    for (Map<String, String> event : events) {
      String state = STATES.getOrDefault(event.get("incident_state"), "?");
      follow(status, state, right, event.getOrDefault("number", ""));
    }

    assertThat(right).hasSizeGreaterThan(1);
    assertThat(right.values()).containsOnly("resolved");
  }

  @Test
  void everyPriorityOfEveryTicketIsFollowed() {
    FieldMapping priority = Shipped.field("priority");
    Map<String, String> right = new HashMap<>();

    for (Map<String, String> event : events) {
      String value =
          event.getOrDefault("impact", "").charAt(0)
              + "/"
              + event.getOrDefault("urgency", "").charAt(0);
      follow(priority, value, right, event.getOrDefault("number", ""));
    }

    assertThat(right.values()).contains("P1", "P2", "P3", "P4", "P5");
  }

  private static void follow(
      FieldMapping field, String left, Map<String, String> right, String ticket) {
    Translation translation = field.translate(Side.LEFT, left, right.get(ticket));
    if (translation instanceof Translation.To to) {
      right.put(ticket, to.value());
    }
    assertThat(translation).isNotInstanceOf(Translation.Unmapped.class);
    assertThat(field.agree(left, right.getOrDefault(ticket, ""))).isTrue();
  }
}
