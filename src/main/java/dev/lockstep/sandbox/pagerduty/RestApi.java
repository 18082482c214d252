package dev.lockstep.sandbox.pagerduty;

import java.util.function.Consumer;

/** The REST API: from a call to its answer. */
final class RestApi {

  RestApi(Account account, Options options) {}

  CallCounters calls() {
    return new CallCounters();
  }

  void listen(Consumer<Exchange> listener) {}
}
