package dev.lockstep.sandbox.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files that an operator of the hospital would edit: the mappings that ship, with the services
 * that its status page shows, and who is informed of incidents, how often and where.
 */
final class DemoConfiguration {
  private static final Path MAPPINGS = Path.of("mappings");
  private static final Path TEMPLATES = Path.of("config", "templates");

  private DemoConfiguration() {}

  /**
   * Writes the files into this folder.
   *
   * @return the settings that name them
   * @throws IOException if a file cannot be written, or those that ship are not where they ship
   */
  static Map<String, String> write(Path folder, String escalationPolicy) throws IOException {
    Path mappings = Files.createDirectories(folder.resolve("mappings"));
    copy(MAPPINGS, mappings);
    edit(mappings.resolve("incident.statuspage.yaml"), "Customer portal", StakeholderScenario.PORTAL);
    edit(mappings.resolve("incident.vendor.yaml"), "Customer portal", StakeholderScenario.PORTAL);
    // The hospital assigns incident managers in Lockstep: whom PagerDuty calls first repairs.
    edit(mappings.resolve("incident.yaml"), "    manager: assignee\n", "");
    copy(TEMPLATES, Files.createDirectories(folder.resolve("templates")));
    Path communications = folder.resolve("communications.yaml");
    Files.writeString(communications, communications(escalationPolicy));
    return Map.of(
        "LOCKSTEP_MAPPINGS_DIR", mappings.toString(),
        "LOCKSTEP_COMMUNICATIONS", communications.toString());
  }

  private static String communications(String escalationPolicy) {
    return """
    audiences:
      executives:
        title: Executives
        every: {P1: 10m}
        first: 1m
        after-resolution: 10m
        template: executives.txt
        to: [{channel: executives}]
    remind-before: 50s
    remind: [{channel: operations}]
    escalate:
      - {after: 0m, to: [{channel: operations}]}
    incident-manager:
      levels: [P1]
      within: 1m
      assign: automatic
      candidates:
        - {system: pagerduty, escalation-policy: %s}
        - %s
      escalate:
        - {after: 0m, to: [{channel: operations}]}
    channels:
      executives: {kind: teams, url: "${EXECUTIVES_TEAMS_URL}"}
      operations: {kind: teams, url: "${OPERATIONS_TEAMS_URL}"}
    """
        .formatted(escalationPolicy, DemoUsers.EVA);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(to.resolve(file.getFileName()), Files.readString(file));
      }
    }
  }

  private static void edit(Path file, String what, String with) throws IOException {
    String text = Files.readString(file);
    if (!text.contains(what)) {
      throw new IOException("%s does not contain: %s".formatted(file, what.strip()));
    }
    Files.writeString(file, text.replace(what, with));
  }
}
