package dev.lockstep.ops;

import dev.lockstep.ops.spans.Spans;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.springframework.stereotype.Component;

/** Calls a route of {@code routes/} and waits for its end. Thread-safe. */
@Component
public class RouteCaller {
  private final ProducerTemplate producer;
  private final Spans spans;

  public RouteCaller(CamelContext camel, Spans spans) {
    this.producer = camel.createProducerTemplate();
    this.spans = spans;
  }

  /**
   * Throws what a step threw, unchanged, so that the caller's policy decides about it.
   *
   * @param uri of the route, for example {@code direct:process-entry}
   */
  public void call(String uri, Object body) {
    Spans.run(spans.child(uri.substring(uri.indexOf(':') + 1)), () -> send(uri, body));
  }

  private void send(String uri, Object body) {
    Exchange result = producer.send(uri, exchange -> exchange.getMessage().setBody(body));
    Throwable failure = result.getException();
    if (failure instanceof CamelExecutionException wrapped && wrapped.getCause() != null) {
      failure = wrapped.getCause();
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw new IllegalStateException(uri + " failed", failure);
    }
  }
}
