package dev.lockstep.intake.definition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.text.TextFormat;
import dev.lockstep.json.FieldRenames;
import dev.lockstep.json.JsonPath;
import dev.lockstep.ops.ConnectorFolders.SystemFolder;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.ops.yaml.YamlFile.Scalars;
import dev.lockstep.ops.yaml.YamlProblem;
import dev.lockstep.ops.yaml.YamlSchema;
import dev.lockstep.record.Visibility;
import java.net.URI;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.PropertyResolver;

/** Reads and validates {@code webhook.yaml} files. */
final class WebhookDefinitionReader {
  private final YamlSchema schema;
  private final PropertyResolver settings;

  /**
   * @param schemaFile {@code webhook.schema.json}
   * @param settings resolves the secrets
   */
  WebhookDefinitionReader(Path schemaFile, PropertyResolver settings) {
    this.schema = YamlSchema.read(schemaFile);
    this.settings = settings;
  }

  /**
   * @throws WebhookDefinitionException with one line per problem
   */
  WebhookDefinition read(SystemFolder place, Path path) {
    YamlFile file = YamlFile.read(path, Scalars.NUMBERS);
    schema.check(file);
    if (file.problems().isEmpty()) {
      try {
        return definition(place.system(), place.adapt(file.root()));
      } catch (IllegalArgumentException e) {
        file.refuse(List.of(), oneLine(String.valueOf(e.getMessage())));
      }
    }
    throw new WebhookDefinitionException(
        file.problems().stream()
            .sorted(Comparator.comparingInt(YamlProblem::line))
            .map(YamlProblem::toString)
            .distinct()
            .toList());
  }

  private WebhookDefinition definition(String system, JsonNode yaml) {
    JsonNode format = yaml.get("time-format");
    DateTimeFormatter times = format == null ? null : DateTimeFormatter.ofPattern(format.asText());
    Map<String, WebhookDefinition.EventRule> events = new HashMap<>();
    for (JsonNode rule : yaml.path("events")) {
      if (rule.has("action-item") && !yaml.has("occurred-at")) {
        throw new IllegalArgumentException(
            "action-item requires occurred-at, to tell which report is newer");
      }
      if (rule.has("test") && !(yaml.has("delivery-id") && yaml.has("occurred-at"))) {
        throw new IllegalArgumentException(
            "test requires delivery-id and occurred-at, to tell what caused it");
      }
      WebhookDefinition.EventRule eventRule = eventRule(rule, times);
      for (JsonNode type : rule.path("types")) {
        if (events.put(type.asText(), eventRule) != null) {
          throw new IllegalArgumentException("event type " + type.asText() + " is listed twice");
        }
      }
    }
    return new WebhookDefinition(
        system,
        signature(yaml.path("signature")),
        challenge(yaml.path("challenge")),
        yaml.has("commands") ? commands(yaml.path("commands")) : null,
        yaml.path("sender-header").asText(""),
        path(yaml, "delivery-id"),
        paths(yaml.path("event-type")),
        path(yaml, "occurred-at"),
        path(yaml, "actor"),
        FieldRenames.of(yaml.path("rename")),
        events);
  }

  private HmacSignature signature(JsonNode yaml) {
    String placeholder = yaml.path("secrets").asText();
    // Looked up by name rather than by resolving the placeholder: a missing setting must never
    // become the literal "${NAME}", a secret that anyone can guess.
    String setting = placeholder.substring(2, placeholder.length() - 1);
    JsonNode timestamp = yaml.path("timestamp");
    HmacSignature.Scheme scheme =
        new HmacSignature.Scheme(
            yaml.path("header").asText(),
            yaml.path("prefix").asText(""),
            yaml.path("separator").asText(","),
            yaml.path("encoding").asText().equals("base64"),
            yaml.path("signed").asText("{body}"),
            yaml.path("secret-prefix").asText(""),
            timestamp.isMissingNode()
                ? null
                : new HmacSignature.Timestamp(
                    timestamp.path("header").asText(),
                    DurationStyle.detectAndParse(timestamp.path("within").asText())));
    return new HmacSignature(scheme, setting, settings.getProperty(setting));
  }

  private WebhookDefinition.EventRule eventRule(JsonNode rule, @Nullable DateTimeFormatter times) {
    if (rule.has("ignore")) {
      return new WebhookDefinition.EventRule.IgnoredEvent();
    }
    if (rule.has("test")) {
      return new WebhookDefinition.EventRule.TestEvent();
    }
    if (rule.has("action-item")) {
      return new WebhookDefinition.EventRule.ActionItem(
          rule.path("kind").asText(), actionItem(rule.path("action-item")));
    }
    KindSelector kind = kind(rule.path("kind"));
    NotePaths notes = rule.has("notes") ? notes(rule.path("notes"), times) : null;
    return rule.has("record")
        ? new WebhookDefinition.EventRule.FullRecord(kind, requiredPath(rule, "record"), notes)
        : new WebhookDefinition.EventRule.RecordReference(
            kind,
            requiredPath(rule, "record-id"),
            notes,
            path(rule, "note-id"),
            filter(rule.path("only")),
            rule.path("if-known").asBoolean(false));
  }

  private static WebhookDefinition.@Nullable Challenge challenge(JsonNode yaml) {
    return yaml.isMissingNode()
        ? null
        : new WebhookDefinition.Challenge(
            requiredPath(yaml, "when"), yaml.path("is").asText(), requiredPath(yaml, "answer"));
  }

  private CommandRules commands(JsonNode yaml) {
    List<CommandRules.Rule> rules = new ArrayList<>();
    yaml.path("requests").forEach(rule -> rules.add(commandRule(rule)));
    return new CommandRules(
        texts(yaml.path("json")),
        TextFormat.of(yaml.path("format").asText("plain")),
        yaml.has("mention") ? Pattern.compile(yaml.path("mention").asText()) : null,
        yaml.path("person").asText(),
        URI.create(settings.resolvePlaceholders(yaml.path("answers").path("url").asText())),
        DurationStyle.detectAndParse(yaml.path("answers").path("within").asText()),
        rules);
  }

  private static CommandRules.Rule commandRule(JsonNode yaml) {
    JsonNode place = yaml.path("place");
    Map<JsonPath, JsonPath> same = new HashMap<>();
    yaml.path("same")
        .properties()
        .forEach(
            pair -> same.put(new JsonPath(pair.getKey()), new JsonPath(pair.getValue().asText())));
    return new CommandRules.Rule(
        requiredPath(yaml, "when"),
        texts(yaml.path("is")),
        requiredPath(yaml, "delivery-id"),
        requiredPath(yaml, "sender"),
        place.path("kind").asText(""),
        path(place, "id"),
        requiredPath(yaml, "text"),
        requiredPath(yaml, "answer-to"),
        same,
        yaml.path("button").asBoolean(false));
  }

  private static Set<String> texts(JsonNode yaml) {
    Set<String> texts = new HashSet<>();
    yaml.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static WebhookDefinition.Filter filter(JsonNode yaml) {
    Map<JsonPath, Set<String>> accepted = new HashMap<>();
    yaml.properties()
        .forEach(
            only -> {
              accepted.put(new JsonPath(only.getKey()), texts(only.getValue()));
            });
    return new WebhookDefinition.Filter(accepted);
  }

  /** One path or several. */
  private static List<JsonPath> paths(JsonNode yaml) {
    List<JsonPath> paths = new ArrayList<>();
    if (yaml.isTextual()) {
      paths.add(new JsonPath(yaml.asText()));
    }
    yaml.forEach(path -> paths.add(new JsonPath(path.asText())));
    return paths;
  }

  private static ActionItemPaths actionItem(JsonNode yaml) {
    JsonNode done = yaml.path("done");
    JsonNode owner = yaml.path("owner");
    return new ActionItemPaths(
        requiredPath(yaml, "id"),
        requiredPath(yaml, "incident"),
        requiredPath(yaml, "title"),
        path(yaml, "description"),
        owner.isMissingNode()
            ? null
            : new ActionItemPaths.OwnerPaths(
                owner.path("reference").asText(""),
                path(owner, "id"),
                path(owner, "email"),
                path(owner, "name")),
        path(yaml, "due"),
        path(done, "from"),
        texts(done.path("is")),
        done.asBoolean(false));
  }

  private KindSelector kind(JsonNode yaml) {
    if (!yaml.isObject()) {
      return KindSelector.always(yaml.asText());
    }
    Map<String, String> table = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : yaml.path("table").properties()) {
      table.put(settings.resolvePlaceholders(entry.getKey()), entry.getValue().asText());
    }
    return new KindSelector(requiredPath(yaml, "from"), table, yaml.path("otherwise").asText());
  }

  private static NotePaths notes(JsonNode yaml, @Nullable DateTimeFormatter times) {
    JsonNode visibility = yaml.path("visibility");
    Map<String, Visibility> table = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : visibility.path("table").properties()) {
      table.put(entry.getKey(), Visibility.valueOf(entry.getValue().asText()));
    }
    return new NotePaths(
        path(yaml, "list"),
        requiredPath(yaml, "id"),
        requiredPath(yaml, "text"),
        path(yaml, "author"),
        requiredPath(yaml, "created-at"),
        visibility.isTextual() ? Visibility.valueOf(visibility.asText()) : null,
        path(visibility, "from"),
        table,
        path(yaml, "trimmed"),
        yaml.path("when-trimmed").asText().equals("keep"),
        times);
  }

  private static JsonPath requiredPath(JsonNode yaml, String key) {
    return new JsonPath(yaml.path(key).asText());
  }

  private static @Nullable JsonPath path(JsonNode yaml, String key) {
    return yaml.has(key) ? requiredPath(yaml, key) : null;
  }

  private static String oneLine(String message) {
    return message.lines().findFirst().orElse(message);
  }
}
