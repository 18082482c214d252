package dev.lockstep.intake;

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

/** The systems that may send webhooks: those whose folder has a {@code webhook.yaml}. */
final class Webhooks {
  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);

  private final Map<String, Webhook> bySystem;

  Webhooks(Map<String, Webhook> bySystem) {
    this.bySystem = Collections.unmodifiableMap(new TreeMap<>(bySystem));
  }

  /**
   * @param folders each has a folder per system; the first also has {@code webhook.schema.json}
   * @throws InvalidWebhookFile with everything that is wrong with the files
   */
  static Webhooks load(List<Path> folders, PropertyResolver settings) {
    return load(folders, settings, system -> true);
  }

  /** Only of these systems. */
  static Webhooks load(List<Path> folders, PropertyResolver settings, Predicate<String> used) {
    WebhookFile reader = new WebhookFile(folders.get(0).resolve("webhook.schema.json"), settings);
    Map<String, Webhook> found = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (Path folder : folders) {
      for (Path system : foldersIn(folder)) {
        Path file = system.resolve("webhook.yaml");
        String name = String.valueOf(system.getFileName());
        if (used.test(name) && Files.isRegularFile(file)) {
          try {
            found.put(name, reader.read(name, file));
          } catch (InvalidWebhookFile e) {
            problems.addAll(e.problems());
          }
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidWebhookFile(problems);
    }
    found.values().forEach(Webhooks::tellIfDeaf);
    return new Webhooks(found);
  }

  private static List<Path> foldersIn(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new InvalidWebhookFile(List.of(folder + " can't be read: " + e));
    }
  }

  private static void tellIfDeaf(Webhook webhook) {
    if (!webhook.signature().hasSecret()) {
      log.warn(
          "{} is not set: webhooks of {} are refused with 401, its changes are only seen by"
              + " polling",
          webhook.signature().setting(),
          webhook.system());
    }
  }

  Set<String> systems() {
    return bySystem.keySet();
  }

  Optional<Webhook> of(String system) {
    return Optional.ofNullable(bySystem.get(system));
  }
}
