package dev.lockstep.ops;

import java.util.List;

/**
 * Validates settings at start. Each stage with settings provides one as a bean. It may depend on
 * settings and files only, since it runs before the database is available.
 */
@FunctionalInterface
public interface StartupCheck {

  /**
   * Has no side effects.
   *
   * @return one line per problem with the setting and the fix; empty when there is none. Never
   *     contains a secret.
   */
  List<String> problems();
}
