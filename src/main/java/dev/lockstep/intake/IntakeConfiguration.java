package dev.lockstep.intake;

import dev.lockstep.connector.ActiveSystems;
import dev.lockstep.connector.RecordReader;
import dev.lockstep.inbox.DeliveryReplay;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.intake.definition.WebhookDefinitionException;
import dev.lockstep.intake.definition.WebhookDefinitions;
import dev.lockstep.ops.StartupCheck;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Beans of the intake stage. Requires {@link RecordReader}, {@link Inbox}, {@link MeterRegistry}
 * and {@link Clock}; notifies {@link ActionItemListener} if there is one. Provides {@link
 * DeliveryReplay} and the beans that {@code routes/intake-webhook.yaml} refers to.
 */
@Configuration(proxyBeanMethods = false)
public class IntakeConfiguration {
  /** The route id in {@code routes/intake-webhook.yaml}. */
  private static final String ROUTE = "intake-webhook";

  /**
   * @param folders the folders that contain the systems' folders; the first also has the schema
   */
  @Bean
  WebhookDefinitions webhookDefinitions(
      @Value("${lockstep.connectors:connectors}") List<String> folders,
      Environment settings,
      ObjectProvider<ActiveSystems> used) {
    return WebhookDefinitions.load(
        folders.stream().map(folder -> Path.of(folder.strip())).toList(),
        settings,
        system ->
            used.stream()
                .findFirst()
                .map(systems -> systems.mappings().containsKey(system))
                .orElse(true));
  }

  /** Reports invalid files together with all other startup problems. */
  @Bean
  StartupCheck webhookDefinitionCheck(ObjectProvider<WebhookDefinitions> webhooks) {
    return () -> {
      try {
        webhooks.getObject();
        return List.of();
      } catch (BeanCreationException e) {
        if (e.getRootCause() instanceof WebhookDefinitionException invalid) {
          return invalid.problems();
        }
        throw e;
      }
    };
  }

  @Bean
  WebhookMetrics webhookMetrics(MeterRegistry meters, WebhookDefinitions webhooks) {
    return new WebhookMetrics(meters, webhooks.systems());
  }

  @Bean
  WebhookVerifier webhookVerifier(WebhookDefinitions webhooks, Clock clock) {
    return new WebhookVerifier(webhooks, clock);
  }

  @Bean
  WebhookNormaliser webhookNormaliser(RecordReader records) {
    return new WebhookNormaliser(records);
  }

  /** The listener is resolved lazily: it may depend on beans that depend on intake. */
  @Bean
  ActionItemPublisher actionItemPublisher(
      ObjectProvider<ActionItemListener> listener,
      ObjectProvider<TransactionOperations> transactions) {
    return new ActionItemPublisher(listener, transactions);
  }

  @Bean
  ReceivedWebhooks receivedWebhooks(
      Clock clock, @Value("${lockstep.webhooks.recent:10m}") Duration recent) {
    return new ReceivedWebhooks(clock, recent);
  }

  @Bean
  InboxWriter inboxWriter(
      Inbox inbox,
      ActionItemPublisher actionItems,
      WebhookMetrics counter,
      ReceivedWebhooks received) {
    return new InboxWriter(inbox, actionItems, counter, received);
  }

  @Bean
  WebhookResponder webhookResponder(WebhookDefinitions webhooks, WebhookMetrics counter) {
    return new WebhookResponder(webhooks, counter);
  }

  @Bean
  DeliveryReplay deliveryReplay(
      WebhookDefinitions webhooks,
      WebhookNormaliser normaliser,
      Inbox inbox,
      ActionItemPublisher actionItems,
      Clock clock) {
    return new WebhookReplay(webhooks, normaliser, inbox, actionItems, clock);
  }

  /**
   * Servlet filter of {@code /webhooks/*}. It stands before Spring Security, which these requests
   * do not pass: each is authenticated by its signature.
   */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  static class WebhookEndpoint {

    @Bean
    FilterRegistrationBean<WebhookFilter> webhookFilter(
        WebhookDefinitions webhooks,
        WebhookMetrics counter,
        ObjectProvider<CamelContext> camel,
        Clock clock) {
      // Resolved lazily: servlet filters are created before Camel.
      BooleanSupplier routeStarted = () -> isStarted(camel.getIfAvailable());
      var registration =
          new FilterRegistrationBean<>(new WebhookFilter(webhooks, counter, routeStarted, clock));
      registration.setAsyncSupported(true);
      registration.addUrlPatterns(WebhookFilter.PREFIX + "*");
      registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
      return registration;
    }

    private static boolean isStarted(@Nullable CamelContext camel) {
      ServiceStatus status =
          camel == null ? null : camel.getRouteController().getRouteStatus(ROUTE);
      return status != null && status.isStarted();
    }
  }
}
