package dev.lockstep.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/** How a rehearsal starts a Lockstep of its own. */
public final class Launch {
  private Launch() {}

  /** A port of loopback nobody listens on now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A process that knows nothing of the caller's own settings: they may name real systems and a
   * real database.
   */
  public static ProcessBuilder apart(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(SERVICENOW|PAGERDUTY|JIRA|DATABASE|LOCKSTEP|SPRING)_.*"));
    return builder;
  }
}
