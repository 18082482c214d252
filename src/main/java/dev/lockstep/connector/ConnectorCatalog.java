package dev.lockstep.connector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.PropertyResolver;

/** The systems there is a folder for, and what their {@code connector.yaml} declares. */
public final class ConnectorCatalog {
  private static final Duration POLL_INTERVAL = Duration.ofMinutes(1);

  private final Map<String, ConnectorDefinition> connectors;

  private ConnectorCatalog(Map<String, ConnectorDefinition> connectors) {
    this.connectors = connectors;
  }

  /**
   * Settings that are missing are no error here: {@link ConnectorSettingsCheck} tells them.
   *
   * @param directories that hold the systems' folders; one of them holds {@code
   *     connector.schema.json}
   * @throws ConnectorDefinitionException with every problem found in the files
   */
  public static ConnectorCatalog load(List<Path> directories, PropertyResolver environment) {
    return load(directories, environment, system -> true);
  }

  /** Only the folders of these systems. */
  static ConnectorCatalog load(
      List<Path> directories, PropertyResolver environment, Predicate<String> used) {
    return new ConnectorCatalog(new ConnectorLoader(directories, environment).read(used));
  }

  public Set<String> systems() {
    return connectors.keySet();
  }

  /** The record kinds a system has. */
  public Set<String> kinds(String system) {
    return new TreeMap<>(connector(system).kinds()).keySet();
  }

  /** The kinds of things a system's records refer to, for example {@code user}. */
  public Set<String> references(String system) {
    return new TreeMap<>(connector(system).references()).keySet();
  }

  /**
   * Which of these fields some call does not request, though the system shows them on request only.
   *
   * @param wanted paths in the system's own JSON
   * @return one line each, with file and call
   */
  public List<String> notRequested(String system, String kind, Set<String> wanted) {
    return new RequestedFields(connector(system), kind).problems(wanted);
  }

  /** Whether a duplicate of this kind can be taken out again. */
  public boolean separates(String system, String kind) {
    ConnectorDefinition.Duplicate how = connector(system).kind(kind).duplicate();
    return how != null && how.by() != ConnectorDefinition.Joining.MERGE;
  }

  /** How often to ask a system for what changed; a minute unless its settings say otherwise. */
  public Duration pollInterval(String system) {
    ConnectorDefinition.Setting setting = connector(system).settings().get("poll-interval");
    String value = setting == null ? "" : Settings.value(setting);
    return value.isEmpty() ? POLL_INTERVAL : DurationStyle.detectAndParse(value);
  }

  /** How long to wait between tries of work this system made fail. */
  public Backoff backoff(String system) {
    return connector(system).limits().backoff();
  }

  ConnectorDefinition connector(String system) {
    ConnectorDefinition connector = connectors.get(system);
    if (connector == null) {
      throw new IllegalArgumentException("No connector folder named " + system);
    }
    return connector;
  }

  Map<String, ConnectorDefinition> connectors() {
    return connectors;
  }
}
