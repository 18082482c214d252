package dev.lockstep.ops;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Whether {@code LOCKSTEP_PORT} can be had; the server itself would only find out at the end. */
@Component
public final class PortCheck implements StartupCheck {
  private final String port;

  PortCheck(Environment environment) {
    this.port = environment.getProperty("server.port", "8080").strip();
  }

  /**
   * To be asked before any bean is made: Boot reads the port while it still decides which beans
   * there will be.
   *
   * @throws StartupProblem when the port is no port
   */
  public static void requireNumber(Environment environment) {
    String port = environment.getProperty("server.port", "8080").strip();
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
      throw new StartupProblem(
          "LOCKSTEP_PORT: " + port + " is no port; set a number from 1 to 65535");
    }
  }

  @Override
  public List<String> problems() {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(Integer.parseInt(port)));
      return List.of();
    } catch (IOException e) {
      return List.of(StartupFailure.portTaken(port));
    }
  }
}
