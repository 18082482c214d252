package dev.lockstep.intake.definition;

import dev.lockstep.ops.ConnectorFolders;
import dev.lockstep.ops.ConnectorFolders.SystemFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.PropertyResolver;

/** The systems that can send webhooks: those whose folder has a {@code webhook.yaml}. */
public final class WebhookDefinitions {
  private static final Logger log = LoggerFactory.getLogger(WebhookDefinitions.class);

  private final Map<String, WebhookDefinition> bySystem;

  WebhookDefinitions(Map<String, WebhookDefinition> bySystem) {
    this.bySystem = Collections.unmodifiableMap(new TreeMap<>(bySystem));
  }

  /**
   * @param folders each contains one folder per connector; the first also {@code
   *     webhook.schema.json}
   * @throws WebhookDefinitionException with all problems of all files
   */
  public static WebhookDefinitions load(List<Path> folders, PropertyResolver settings) {
    return load(new ConnectorFolders(folders, List.of()), settings, system -> true);
  }

  /** Loads only the systems that {@code used} accepts. */
  public static WebhookDefinitions load(
      ConnectorFolders folders, PropertyResolver settings, Predicate<String> used) {
    WebhookDefinitionReader reader =
        new WebhookDefinitionReader(
            folders.directories().get(0).resolve("webhook.schema.json"), settings);
    Map<String, WebhookDefinition> found = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (SystemFolder place : folders.all()) {
      Path file = place.folder().resolve("webhook.yaml");
      if (used.test(place.system()) && Files.isRegularFile(file)) {
        try {
          found.put(place.system(), reader.read(place, file));
        } catch (WebhookDefinitionException e) {
          problems.addAll(e.problems());
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new WebhookDefinitionException(problems);
    }
    found.values().forEach(WebhookDefinitions::warnIfSecretMissing);
    return new WebhookDefinitions(found);
  }

  private static void warnIfSecretMissing(WebhookDefinition webhook) {
    if (!webhook.signature().hasSecret()) {
      log.warn(
          "{} is not set: webhooks of {} are rejected with 401, and its changes are detected only"
              + " by polling",
          webhook.signature().setting(),
          webhook.system());
    }
  }

  public Set<String> systems() {
    return bySystem.keySet();
  }

  public Optional<WebhookDefinition> find(String system) {
    return Optional.ofNullable(bySystem.get(system));
  }
}
