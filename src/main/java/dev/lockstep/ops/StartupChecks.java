package dev.lockstep.ops;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.server.ConfigurableServletWebServerFactory;
import org.springframework.stereotype.Component;

/**
 * Runs every {@link StartupCheck} and reports all problems together.
 *
 * <p>A web server customizer, because those are the first beans that Boot creates, before the
 * server opens its port and before polling starts. The database depends on this bean too, so it
 * does not start with wrong settings.
 */
@Component
public final class StartupChecks
    implements WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> {

  /**
   * @throws StartupException with every problem found
   */
  StartupChecks(ObjectProvider<StartupCheck> checks) {
    List<String> problems =
        checks.orderedStream().flatMap(check -> check.problems().stream()).toList();
    if (!problems.isEmpty()) {
      throw new StartupException(problems, null);
    }
  }

  @Override
  public void customize(ConfigurableServletWebServerFactory factory) {
    // The constructor does the work.
  }
}
