package dev.lockstep.connector.definition;

/**
 * A Kamelet as one system calls it. Each system has a route of its own, with its own settings.
 *
 * @param name of the Kamelet, as its file
 */
public record KameletCall(String name, String system) {

  /** The id of the route. */
  public String route() {
    return name + "-" + system;
  }

  public String uri() {
    return "kamelet:" + name + "/" + route();
  }
}
