package dev.lockstep.communication.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.publish.Channel;
import dev.lockstep.publish.ChannelKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code channels}; {@code ${NAME}} stands for a setting, such as a secret. */
final class ChannelReader {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)}");

  private final YamlFile yaml;
  private final Map<String, ChannelKind> kinds;
  private final Function<String, @Nullable String> settings;

  /**
   * @param settings by name; null if it is not set
   */
  ChannelReader(
      YamlFile yaml, Map<String, ChannelKind> kinds, Function<String, @Nullable String> settings) {
    this.yaml = yaml;
    this.kinds = kinds;
    this.settings = settings;
  }

  Map<String, Channel> read(JsonNode section) {
    Map<String, Channel> channels = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : section.properties()) {
      List<String> place = List.of("channels", entry.getKey());
      String kind = entry.getValue().path("kind").asText();
      if (kinds.containsKey(kind)) {
        channels.put(entry.getKey(), channel(place, entry.getValue(), kinds.get(kind)));
      } else {
        channels.put(entry.getKey(), new Channel(entry.getKey(), kind, List.of(), ""));
        yaml.refuse(
            YamlFile.with(place, "kind"),
            "'%s' is no kind of channel%s".formatted(kind, Suggestion.of(kind, kinds.keySet())));
      }
    }
    return channels;
  }

  private Channel channel(List<String> place, JsonNode node, ChannelKind kind) {
    int before = yaml.problems().size();
    List<String> to = new ArrayList<>();
    node.path("to").forEach(address -> to.add(resolve(place, "to", address.asText())));
    String url = resolve(place, "url", node.path("url").asText(""));
    Channel channel = new Channel(place.get(1), kind.name(), to, url);
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getKey().equals("kind") && !kind.keys().contains(entry.getKey())) {
        yaml.refuse(
            YamlFile.with(place, entry.getKey()),
            "a channel of the kind %s has no '%s'".formatted(kind.name(), entry.getKey()));
      }
    }
    Set<String> missing = new TreeSet<>(kind.keys());
    missing.removeIf(node::has);
    missing.forEach(
        key ->
            yaml.refuse(place, "key '%s' is missing in '%s'; add it".formatted(key, place.get(1))));
    if (yaml.problems().size() == before) {
      kind.problems(channel)
          .forEach(line -> yaml.refuse(YamlFile.with(place, line.split(":", 2)[0]), line));
    }
    return channel;
  }

  private String resolve(List<String> place, String key, String text) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    return matcher.replaceAll(found -> Matcher.quoteReplacement(value(place, key, found)));
  }

  private String value(List<String> place, String key, MatchResult found) {
    String value = settings.apply(found.group(1));
    if (value == null || value.isBlank()) {
      yaml.refuse(
          YamlFile.with(place, key),
          "%s: %s is not set; set it, or write the value here".formatted(key, found.group(1)));
      return "";
    }
    return value.strip();
  }
}
