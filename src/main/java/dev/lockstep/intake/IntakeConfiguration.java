package dev.lockstep.intake;

import dev.lockstep.connector.ActiveSystems;
import dev.lockstep.connector.RecordReader;
import dev.lockstep.inbox.DeliveryReplay;
import dev.lockstep.inbox.Inbox;
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
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Puts intake together. Needs beans {@link RecordReader}, {@link Inbox}, {@link MeterRegistry} and
 * {@link Clock}, tells {@link ActionItemListener} if there is one; gives {@link DeliveryReplay} and
 * the beans {@code routes/intake-webhook.yaml} names.
 */
@Configuration(proxyBeanMethods = false)
public class IntakeConfiguration {
  /** As {@code routes/intake-webhook.yaml} calls it. */
  private static final String ROUTE = "intake-webhook";

  /**
   * @param folders where the systems' folders are; the first has the schema too
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

  /** Reports wrong files together with everything else that keeps Lockstep from starting. */
  @Bean
  StartupCheck webhookDefinitionCheck(ObjectProvider<WebhookDefinitions> webhooks) {
    return () -> {
      try {
        webhooks.getObject();
        return List.of();
      } catch (BeanCreationException e) {
        if (e.getRootCause() instanceof WebhookDefinitionException wrong) {
          return wrong.problems();
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

  /** Whoever is there to keep action items is asked for late: it may need what needs intake. */
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

  /** What concerns the address {@code /webhooks/*} itself. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  static class WebhookEndpoint {

    @Bean
    FilterRegistrationBean<WebhookFilter> webhookFilter(
        WebhookDefinitions webhooks,
        WebhookMetrics counter,
        ObjectProvider<CamelContext> camel,
        Clock clock) {
      // Asked late: the server's filters are made before Camel is.
      BooleanSupplier open = () -> isStarted(camel.getIfAvailable());
      var registration =
          new FilterRegistrationBean<>(new WebhookFilter(webhooks, counter, open, clock));
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

    /** A webhook's signature is its login: no password, no session, no form token. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain webhookSecurity(HttpSecurity http) throws Exception {
      return http.securityMatcher(WebhookFilter.PREFIX + "**")
          .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
          .csrf(AbstractHttpConfigurer::disable)
          .requestCache(AbstractHttpConfigurer::disable)
          .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
          .build();
    }
  }
}
