package dev.lockstep.intake;

import dev.lockstep.connector.ActiveSystems;
import dev.lockstep.intake.definition.WebhookDefinitionException;
import dev.lockstep.intake.definition.WebhookDefinitions;
import dev.lockstep.ops.FileSettings;
import dev.lockstep.ops.StartupCheck;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Reads the webhook definitions in the connectors' folders, and opens {@code /webhooks/*}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({FileSettings.class, WebhookSettings.class})
public class IntakeConfiguration {
  /** The route id in {@code routes/intake-webhook.yaml}. */
  private static final String ROUTE = "intake-webhook";

  @Bean
  WebhookDefinitions webhookDefinitions(
      FileSettings files, Environment settings, ObjectProvider<ActiveSystems> used) {
    return WebhookDefinitions.load(
        files.folders(),
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
        ReceivedWebhooks received,
        ObjectProvider<CamelContext> camel,
        Clock clock) {
      // Resolved lazily: servlet filters are created before Camel.
      BooleanSupplier routeStarted = () -> isStarted(camel.getIfAvailable());
      var registration =
          new FilterRegistrationBean<>(
              new WebhookFilter(webhooks, counter, received, routeStarted, clock));
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
