package dev.lockstep.communication.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.communication.settings.CommunicationSettings.Escalation;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.ops.yaml.YamlProblem;
import dev.lockstep.ops.yaml.YamlSchema;
import dev.lockstep.publish.Channel;
import dev.lockstep.publish.ChannelKind;
import dev.lockstep.publish.EmailChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** Reads {@link CommunicationSettings} with their templates and reports each problem in a line. */
public final class CommunicationSettingsFile implements StartupCheck {
  private static final Path SCHEMA = Path.of("config", "communications.schema.json");
  private static final String DEFAULT_SUBJECT = "{{level}} {{key}} {{title}}: {{stage}}";
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  private final Path file;
  private final ConfiguredIncidents incidents;
  private final Map<String, ChannelKind> kinds;
  private final Function<String, @Nullable String> settings;

  /**
   * @param settings by name, for example of a secret; null if it is not set
   */
  public CommunicationSettingsFile(
      Path file,
      ConfiguredIncidents incidents,
      List<ChannelKind> kinds,
      Function<String, @Nullable String> settings) {
    this.file = file;
    this.incidents = incidents;
    this.kinds = kinds.stream().collect(Collectors.toMap(ChannelKind::name, Function.identity()));
    this.settings = settings;
  }

  /** One line for each problem; empty if there is none. */
  @Override
  public List<String> problems() {
    List<YamlProblem> problems = new ArrayList<>();
    parse(problems);
    return problems.stream().map(YamlProblem::toString).toList();
  }

  /**
   * @return {@link CommunicationSettings#OFF} if the file does not exist or configures nothing
   * @throws IllegalArgumentException with one line for each problem
   */
  public CommunicationSettings read() {
    List<YamlProblem> problems = new ArrayList<>();
    CommunicationSettings read = parse(problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.stream().map(YamlProblem::toString).collect(Collectors.joining("\n")));
    }
    return read;
  }

  private CommunicationSettings parse(List<YamlProblem> problems) {
    if (!Files.exists(file)) {
      return CommunicationSettings.OFF;
    }
    YamlFile yaml = YamlFile.read(file, YamlFile.Scalars.TEXT);
    YamlSchema.read(SCHEMA).check(yaml);
    List<YamlProblem> ofTemplates = new ArrayList<>();
    CommunicationSettings read =
        yaml.problems().isEmpty() ? parse(yaml, ofTemplates) : CommunicationSettings.OFF;
    problems.addAll(yaml.problems());
    problems.addAll(ofTemplates);
    return read.isOn() ? read : CommunicationSettings.OFF;
  }

  private CommunicationSettings parse(YamlFile yaml, List<YamlProblem> ofTemplates) {
    JsonNode root = yaml.root();
    Map<String, Channel> channels =
        new ChannelReader(yaml, kinds, settings).read(root.path("channels"));
    TargetReader targets =
        new TargetReader(
            yaml,
            channels.keySet(),
            incidents,
            Objects.requireNonNull(kinds.get(EmailChannel.NAME)));
    Duration remindBefore = duration(root.path("remind-before")).orElse(Duration.ZERO);
    List<Audience> audiences = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : root.path("audiences").properties()) {
      List<String> place = List.of("audiences", entry.getKey());
      JsonNode node = entry.getValue();
      audiences.add(
          new Audience(
              entry.getKey(),
              node.path("title").asText(entry.getKey()),
              intervals(yaml, YamlFile.with(place, "every"), node.path("every"), remindBefore),
              duration(node.path("first")).orElse(null),
              duration(node.path("after-resolution")).orElse(null),
              subject(yaml, YamlFile.with(place, "subject"), node, ofTemplates),
              template(yaml, YamlFile.with(place, "template"), node, ofTemplates),
              targets.read(YamlFile.with(place, "to"), node.path("to"))));
    }
    ManagerReader managers =
        new ManagerReader(yaml, incidents, (place, level) -> requireLevel(yaml, place, level));
    JsonNode manager = root.path("incident-manager");
    return new CommunicationSettings(
        audiences,
        remindBefore,
        targets.readInternal(List.of("remind"), root.path("remind")),
        escalations(targets, List.of("escalate"), root.path("escalate")),
        channels,
        managers.readManager(
            manager,
            duration(manager.path("within")).orElse(Duration.ZERO),
            escalations(
                targets, List.of("incident-manager", "escalate"), manager.path("escalate"))),
        managers.readOnCall(root.path("on-call")),
        new VendorReader(
                yaml,
                incidents,
                targets,
                (place, node) -> intervals(yaml, place, node, Duration.ZERO))
            .read(root.path("vendors")));
  }

  private Map<String, Duration> intervals(
      YamlFile yaml, List<String> place, JsonNode node, Duration remindBefore) {
    Map<String, Duration> intervals = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      List<String> at = YamlFile.with(place, entry.getKey());
      Duration interval = duration(entry.getValue()).orElseThrow();
      intervals.put(entry.getKey(), interval);
      requireLevel(yaml, at, entry.getKey());
      if (interval.compareTo(SHORTEST) < 0) {
        yaml.refuse(at, "an interval is at least 1m");
      } else if (interval.compareTo(remindBefore) <= 0) {
        yaml.refuse(at, "an interval must be longer than remind-before");
      }
    }
    return intervals;
  }

  private void requireLevel(YamlFile yaml, List<String> place, String level) {
    incidents
        .levels()
        .filter(known -> !known.contains(level))
        .ifPresent(
            known ->
                yaml.refuse(
                    place,
                    known.isEmpty()
                        ? "no mapping in use has a section 'incident', so no incident has a level"
                        : "'%s' is no level of the mappings in use%s"
                            .formatted(level, Suggestion.of(level, known))));
  }

  private static UpdateTemplate subject(
      YamlFile yaml, List<String> place, JsonNode audience, List<YamlProblem> problems) {
    String text = audience.path("subject").asText(DEFAULT_SUBJECT);
    return UpdateTemplate.compile(yaml.name(), yaml.line(place), text, problems::add);
  }

  private UpdateTemplate template(
      YamlFile yaml, List<String> place, JsonNode audience, List<YamlProblem> problems) {
    String name = audience.path("template").asText();
    Path folder = file.resolveSibling("templates");
    Path path = folder.resolve(name);
    try {
      if (name.matches("[\\w.-]+") && Files.isRegularFile(path)) {
        return UpdateTemplate.compile(path.toString(), 1, Files.readString(path), problems::add);
      }
      yaml.refuse(place, "there is no template '%s' in %s".formatted(name, folder));
    } catch (IOException e) {
      problems.add(
          new YamlProblem(
              path.toString(), 0, "this file cannot be read as UTF-8: " + e.getMessage()));
    }
    return UpdateTemplate.compile(name, 1, "", problems::add);
  }

  private static List<Escalation> escalations(
      TargetReader targets, List<String> section, JsonNode steps) {
    List<Escalation> escalations = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      List<String> place = YamlFile.with(section, String.valueOf(i), "to");
      escalations.add(
          new Escalation(
              duration(steps.get(i).path("after")).orElseThrow(),
              targets.readInternal(place, steps.get(i).path("to"))));
    }
    escalations.sort(Comparator.comparing(Escalation::after));
    return escalations;
  }

  private static Optional<Duration> duration(JsonNode node) {
    return node.isMissingNode()
        ? Optional.empty()
        : Optional.of(DurationStyle.SIMPLE.parse(node.asText()));
  }
}
