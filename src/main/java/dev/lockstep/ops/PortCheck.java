package dev.lockstep.ops;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.stereotype.Component;

/**
 * Checks that {@code LOCKSTEP_PORT} is available; the server itself would detect it only at the end
 * of the start.
 */
@Component
public final class PortCheck implements StartupCheck {
  /** Property in which {@link #withholdWrongPort} keeps the configured value. */
  private static final String WITHHELD = "lockstep-port-as-set";

  private final String port;

  PortCheck(Environment environment) {
    this.port =
        environment.getProperty(WITHHELD, environment.getProperty("server.port", "8080")).strip();
  }

  /**
   * Must be called before any bean is created. Boot reads the port while it evaluates bean
   * conditions and would fail on an invalid one before the other checks have run.
   */
  public static void withholdWrongPort(ConfigurableEnvironment environment) {
    String port = environment.getProperty("server.port", "8080").strip();
    if (!isPort(port)) {
      environment
          .getPropertySources()
          .addFirst(
              new MapPropertySource("withheld port", Map.of("server.port", "0", WITHHELD, port)));
    }
  }

  @Override
  public List<String> problems() {
    if (!isPort(port)) {
      return List.of(
          "LOCKSTEP_PORT: "
              + port
              + " is not a port; set a number from 1 to 65535"
              // Kubernetes gives every pod such a variable for each Service.
              + (port.startsWith("tcp://")
                  ? " (Kubernetes set this one for a Service of this name; set enableServiceLinks:"
                      + " false on the pod)"
                  : ""));
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(Integer.parseInt(port)));
      return List.of();
    } catch (IOException e) {
      return List.of(StartupFailure.portInUse(port));
    }
  }

  private static boolean isPort(String port) {
    return port.matches("\\d{1,5}") && Integer.parseInt(port) <= 65535;
  }
}
