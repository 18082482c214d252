package dev.lockstep.sandbox.pagerduty;

/** Serves the REST API over HTTP on loopback. */
final class RestServer implements AutoCloseable {

  RestServer(int port, RestApi api) {}

  int port() {
    return 0;
  }

  @Override
  public void close() {}
}
