package dev.lockstep.ops;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Whether {@code LOCKSTEP_PORT} can be had; the server itself would only find out at the end. */
@Component
final class PortCheck implements StartupCheck {
  private final String port;

  PortCheck(Environment environment) {
    this.port = environment.getProperty("server.port", "8080").strip();
  }

  @Override
  public List<String> problems() {
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
      return List.of("LOCKSTEP_PORT: " + port + " is no port; set a number from 1 to 65535");
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(Integer.parseInt(port)));
      return List.of();
    } catch (IOException e) {
      return List.of(StartupFailure.portTaken(port));
    }
  }
}
