package dev.lockstep.ops;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.server.ConfigurableServletWebServerFactory;
import org.springframework.stereotype.Component;

/**
 * Runs every {@link StartupCheck} at once, so that an operator sees all problems in one go.
 *
 * <p>It is a web server customizer because those are the first ordinary beans Boot creates, before
 * the server has a port and before anything polls; the database asks for this bean too, so it does
 * not start on settings that are wrong.
 */
@Component
final class StartupChecks
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
    // Being created is all it is for.
  }
}
