package dev.lockstep.intake.definition;

import java.io.IOException;
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
import java.util.stream.Stream;
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
   * @param folders each contains one folder per system; the first also {@code webhook.schema.json}
   * @throws WebhookDefinitionException with all problems of all files
   */
  public static WebhookDefinitions load(List<Path> folders, PropertyResolver settings) {
    return load(folders, settings, system -> true);
  }

  /** Loads only the systems that {@code used} accepts. */
  public static WebhookDefinitions load(
      List<Path> folders, PropertyResolver settings, Predicate<String> used) {
    WebhookDefinitionReader reader =
        new WebhookDefinitionReader(folders.get(0).resolve("webhook.schema.json"), settings);
    Map<String, WebhookDefinition> found = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (Path folder : folders) {
      for (Path system : foldersIn(folder)) {
        Path file = system.resolve("webhook.yaml");
        String name = String.valueOf(system.getFileName());
        if (used.test(name) && Files.isRegularFile(file)) {
          try {
            found.put(name, reader.read(name, file));
          } catch (WebhookDefinitionException e) {
            problems.addAll(e.problems());
          }
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new WebhookDefinitionException(problems);
    }
    found.values().forEach(WebhookDefinitions::warnIfSecretMissing);
    return new WebhookDefinitions(found);
  }

  private static List<Path> foldersIn(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new WebhookDefinitionException(List.of(folder + " cannot be read: " + e));
    }
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
