package dev.lockstep.ops.spans;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.language.MethodCallExpression;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/** A span for each step of a route that is part of a trace, named like its bean and method. */
final class StepSpans implements InterceptStrategy {
  private final Spans spans;

  StepSpans(Spans spans) {
    this.spans = spans;
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext camel, NamedNode step, Processor target, Processor next) {
    return name(step).<Processor>map(name -> new Step(name, target)).orElse(target);
  }

  private static Optional<String> name(NamedNode step) {
    if (step instanceof BeanDefinition bean) {
      return name(bean.getRef(), bean.getMethod());
    }
    return step instanceof ExpressionNode node
            && node.getExpression() instanceof MethodCallExpression call
        ? name(call.getRef(), call.getMethod())
        : Optional.empty();
  }

  /**
   * @param method may be followed by its arguments
   */
  private static Optional<String> name(@Nullable String bean, @Nullable String method) {
    return bean == null || method == null
        ? Optional.empty()
        : Optional.of(bean + "." + method.replaceFirst("\\(.*", ""));
  }

  private final class Step extends DelegateAsyncProcessor {
    private final String name;

    Step(String name, Processor target) {
      super(target);
      this.name = name;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      Span span = spans.child(name).startSpan();
      try (Scope current = span.makeCurrent()) {
        return super.process(
            exchange,
            sync -> {
              if (exchange.getException() != null) {
                Spans.fail(span, exchange.getException());
              }
              span.end();
              callback.done(sync);
            });
      }
    }
  }
}
