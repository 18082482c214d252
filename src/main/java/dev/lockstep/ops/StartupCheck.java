package dev.lockstep.ops;

import java.util.List;

/**
 * Looks at settings before there is any traffic. Each stage that needs settings has one as a bean.
 * It must depend on nothing but settings and files, since it runs before the database is there.
 */
@FunctionalInterface
public interface StartupCheck {

  /**
   * Looks, and changes nothing.
   *
   * @return one line per problem, naming the setting and how to mend it; empty when all is well.
   *     Never a secret's value.
   */
  List<String> problems();
}
