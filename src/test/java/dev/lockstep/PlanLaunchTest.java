package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a process that plans is given of the service's Java. */
class PlanLaunchTest {

  @Test
  void takesOverMemoryAndPropertiesButNothingThatTakesAPort() {
    assertThat(
            PlanLaunch.flags(
                List.of(
                    "-Xmx192m",
                    "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
                    "-javaagent:/opt/agent.jar",
                    "-Xrunjdwp:transport=dt_socket,address=5006",
                    "-Dcom.sun.management.jmxremote.port=9010",
                    "-Dcom.sun.management.jmxremote.authenticate=false",
                    "-Djava.io.tmpdir=/tmp")))
        .containsExactly("-Xmx192m", "-Djava.io.tmpdir=/tmp");
  }
}
