package dev.lockstep.connector;

import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ConnectorDefinitionException;
import dev.lockstep.connector.definition.ConnectorLoader;
import dev.lockstep.connector.definition.DuplicateDefinition;
import dev.lockstep.connector.definition.RequestedFields;
import dev.lockstep.connector.definition.Settings;
import dev.lockstep.ops.ConnectorFolders;
import dev.lockstep.record.Visibility;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.PropertyResolver;

/** The systems and what the {@code connector.yaml} of each declares. */
public final class ConnectorCatalog {
  private static final Duration POLL_INTERVAL = Duration.ofMinutes(1);

  private final Map<String, ConnectorDefinition> connectors;

  private ConnectorCatalog(Map<String, ConnectorDefinition> connectors) {
    this.connectors = connectors;
  }

  /**
   * Missing settings are not an error here: {@link ConnectorSettingsCheck} reports them.
   *
   * @param directories that hold the systems' folders; one of them holds {@code
   *     connector.schema.json}
   * @throws ConnectorDefinitionException with every problem found in the files
   */
  public static ConnectorCatalog load(List<Path> directories, PropertyResolver environment) {
    return load(new ConnectorFolders(directories, List.of()), environment, system -> true);
  }

  /** Only these systems. */
  static ConnectorCatalog load(
      ConnectorFolders folders, PropertyResolver environment, Predicate<String> used) {
    return new ConnectorCatalog(new ConnectorLoader(folders, environment).read(used));
  }

  public Set<String> systems() {
    return connectors.keySet();
  }

  /** The record kinds a system has. */
  public Set<String> kinds(String system) {
    return new TreeMap<>(connector(system).kinds()).keySet();
  }

  /** What a system can be asked for who is on call, for example {@code schedule}. */
  public Set<String> onCallKinds(String system) {
    return new TreeMap<>(connector(system).onCall()).keySet();
  }

  /** The kinds of objects a system's records refer to, for example {@code user}. */
  public Set<String> references(String system) {
    return new TreeMap<>(connector(system).references()).keySet();
  }

  /** By record kind, the visibilities of the notes that can be added to its records. */
  public Map<String, Set<Visibility>> noteVisibilities(String system) {
    return connector(system).kinds().entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey,
                kind ->
                    kind.getValue().notes() == null
                        ? Set.of()
                        : kind.getValue().notes().addable()));
  }

  /**
   * Fields that the system returns only on request and that some call does not request.
   *
   * @param wanted paths in the system's own JSON
   * @return one line each, with file and call
   */
  public List<String> notRequested(String system, String kind, Set<String> wanted) {
    return new RequestedFields(connector(system), kind).problems(wanted);
  }

  /** Whether a duplicate of this kind can be separated from its primary. */
  public boolean separates(String system, String kind) {
    DuplicateDefinition how = connector(system).kind(kind).duplicate();
    return how != null && how.by() != DuplicateDefinition.Joining.MERGE;
  }

  /** How often to poll the system; one minute unless its settings say otherwise. */
  public Duration pollInterval(String system) {
    ConnectorDefinition.Setting setting = connector(system).settings().get("poll-interval");
    String value = setting == null ? "" : Settings.value(setting);
    return value.isEmpty() ? POLL_INTERVAL : DurationStyle.detectAndParse(value);
  }

  /** Backoff between retries of work that failed because of this system. */
  public Backoff backoff(String system) {
    return Backoff.of(connector(system).limits().backoff());
  }

  public ConnectorDefinition connector(String system) {
    ConnectorDefinition connector = connectors.get(system);
    if (connector == null) {
      throw new IllegalArgumentException("No system named " + system);
    }
    return connector;
  }

  Map<String, ConnectorDefinition> connectors() {
    return connectors;
  }
}
