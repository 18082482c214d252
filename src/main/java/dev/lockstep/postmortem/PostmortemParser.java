package dev.lockstep.postmortem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lockstep.postmortem.Postmortems.Received;
import dev.lockstep.postmortem.Postmortems.Refused;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.postmortem.parse.MarkdownReader;
import dev.lockstep.postmortem.parse.ParsedItem;
import dev.lockstep.postmortem.parse.Postmortem;
import dev.lockstep.postmortem.parse.PostmortemParseException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Parses received postmortems: Markdown, or the JSON of tools that manage follow-ups themselves.
 */
public class PostmortemParser {
  private static final Set<String> KEYS = Set.of("incident", "name", "title", "url", "items");
  private static final Set<String> ITEM_KEYS =
      Set.of("id", "title", "description", "owner", "due", "priority", "labels", "ticket", "done");

  /** For JSON, which may contain long descriptions. In bytes. */
  public static final int LARGEST_JSON = 2 * 1024 * 1024;

  private static final int MOST_ITEMS = MarkdownReader.MOST_ITEMS;

  /** About a hundred times what published postmortems need. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** Independent of the application's mapper, so that the command and the service parse alike. */
  private final JsonMapper json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final MarkdownReader reader;

  public PostmortemParser(MarkdownReader reader) {
    this.reader = reader;
  }

  /** Whether a file is parsed as JSON instead of Markdown. */
  public static boolean isJson(String file) {
    return file.toLowerCase(Locale.ROOT).endsWith(".json");
  }

  /**
   * Parses a file by the extension of its name. All entry points use this method, so that a check
   * and the import give the same result.
   *
   * @throws Refused if it cannot be parsed at all
   */
  public Received file(byte[] body, String file, String incident) {
    return isJson(file) ? json(body) : markdown(body, file, "", incident);
  }

  /** Why it is refused regardless of the systems' data; empty if it is not. */
  public static Optional<Refused> refusal(Received received) {
    return received.incident().isBlank()
        ? Optional.of(
            new Refused(
                received.line(),
                "it names no incident; add one to its front matter (incident: INC0010001) or its"
                    + " first heading"))
        : Optional.empty();
  }

  /**
   * @param name identifies it when it is sent again; may be empty
   * @param url where it can be read; may be empty
   * @param incident used if the document names none; may be empty
   * @throws Refused if it cannot be parsed at all
   */
  public Received markdown(byte[] utf8, String name, String url, String incident) {
    Postmortem read = read(utf8);
    String named = read.incident();
    return new Received(
        name,
        read.title(),
        url,
        named == null ? incident : named,
        read.incidentLine(),
        read.items().stream().map(PostmortemParser::sourceItem).toList(),
        new String(utf8, StandardCharsets.UTF_8),
        read.problems());
  }

  /**
   * Runs in its own thread, which is interrupted on a timeout: no document can block those queued
   * behind it.
   */
  private Postmortem read(byte[] utf8) {
    refuseJson(utf8);
    FutureTask<Postmortem> reading = new FutureTask<>(() -> reader.read(utf8));
    Thread thread = new Thread(reading, "read postmortem");
    thread.setDaemon(true);
    thread.start();
    try {
      return reading.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PostmortemParseException unreadable) {
        throw new Refused(0, String.valueOf(unreadable.getMessage()));
      }
      throw new IllegalStateException("a postmortem could not be read", e.getCause());
    } catch (TimeoutException e) {
      throw new Refused(
          0,
          "parsing takes more than %d seconds; remove logs and generated text, or split it"
              .formatted(LONGEST.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a postmortem was read", e);
    } finally {
      reading.cancel(true);
    }
  }

  /** Parsed as Markdown it would be a paragraph without action items. */
  private void refuseJson(byte[] utf8) {
    int first = 0;
    while (first < utf8.length && utf8[first] <= ' ' && utf8[first] > 0) {
      first++;
    }
    if (first == utf8.length || (utf8[first] != '{' && utf8[first] != '[')) {
      return;
    }
    try {
      json.readTree(utf8);
    } catch (java.io.IOException e) {
      return;
    }
    throw new Refused(
        1, "this is JSON, not Markdown; name the file .json, or send it as application/json");
  }

  private static SourceItem sourceItem(ParsedItem item) {
    return new SourceItem(
        item.id(),
        item.line(),
        item.title(),
        item.excerpt(),
        item.owner(),
        item.due(),
        item.priority(),
        item.labels(),
        item.ticket(),
        item.status(),
        item.problems());
  }

  /**
   * @throws Refused naming the key that is missing, unknown or of the wrong type
   */
  public Received json(byte[] body) {
    if (body.length > LARGEST_JSON) {
      throw new Refused(
          0, "the document is larger than 2 MB; shorten the descriptions, or leave out items");
    }
    try {
      JsonNode tree = json.readTree(body);
      if (tree == null || !tree.isObject()) {
        throw new Refused(0, "not a JSON object; send {\"incident\": ..., \"items\": [...]}");
      }
      requireKnownKeys(tree, KEYS, "");
      List<SourceItem> items = new ArrayList<>();
      Map<Object, Integer> before = new HashMap<>();
      JsonNode listed = tree.path("items");
      if (!listed.isArray()) {
        throw new Refused(0, "items: not a list; send the action items in it, or an empty one");
      }
      if (listed.size() > MOST_ITEMS) {
        throw new Refused(
            0,
            "items: %d action items, but at most %d are accepted; send only those to be followed"
                .formatted(listed.size(), MOST_ITEMS));
      }
      for (JsonNode item : listed) {
        String where = "items[" + items.size() + "]";
        SourceItem sourceItem = sourceItem(item, where);
        requireDistinct(sourceItem, before, items.size(), where);
        items.add(sourceItem);
      }
      return new Received(
          text(tree, "name", ""),
          text(tree, "title", ""),
          text(tree, "url", ""),
          text(tree, "incident", ""),
          0,
          items,
          new String(body, StandardCharsets.UTF_8),
          List.of());
    } catch (JsonProcessingException e) {
      throw new Refused(
          e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
          "not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (java.io.IOException e) {
      throw new Refused(0, "not JSON: " + e.getMessage());
    }
  }

  private static SourceItem sourceItem(JsonNode item, String where) {
    if (!item.isObject()) {
      throw new Refused(0, where + ": not an object");
    }
    requireKnownKeys(item, ITEM_KEYS, where + ".");
    String title = text(item, "title", where).strip();
    if (title.isEmpty()) {
      throw new Refused(0, where + ".title: missing; say in one line what is to be done");
    }
    Set<String> labels = new LinkedHashSet<>();
    item.path("labels").forEach(label -> labels.add(label.asText()));
    return new SourceItem(
        orNull(text(item, "id", where)),
        0,
        title,
        text(item, "description", where),
        orNull(text(item, "owner", where)),
        date(text(item, "due", where), where),
        orNull(text(item, "priority", where)),
        labels,
        orNull(text(item, "ticket", where)),
        item.path("done").asBoolean(false),
        List.of());
  }

  /**
   * Two items that cannot be distinguished would be matched to one in the next version, and the
   * other would be cancelled.
   */
  private static void requireDistinct(
      SourceItem sourceItem, Map<Object, Integer> before, int index, String where) {
    Integer same = sourceItem.id() == null ? null : before.putIfAbsent(sourceItem.id(), index);
    if (same != null) {
      throw new Refused(
          0,
          "%s.id: '%s' is also the id of items[%d]; give each its own"
              .formatted(where, sourceItem.id(), same));
    }
    same = before.putIfAbsent(sourceItem, index);
    if (same != null) {
      throw new Refused(
          0, "%s: the same as items[%d]; remove it, or give each an id".formatted(where, same));
    }
  }

  private static void requireKnownKeys(JsonNode node, Set<String> keys, String where) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.contains(key)) {
                throw new Refused(
                    0, where + key + ": no such key; known are " + String.join(", ", sorted(keys)));
              }
            });
  }

  private static List<String> sorted(Set<String> keys) {
    return keys.stream().sorted().toList();
  }

  private static String text(JsonNode node, String key, String where) {
    JsonNode value = node.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.isValueNode()) {
      throw new Refused(0, (where.isEmpty() ? "" : where + ".") + key + ": not a text");
    }
    return value.isNull() ? "" : value.asText("");
  }

  private static @Nullable String orNull(String text) {
    return text.isBlank() ? null : text.strip();
  }

  private static @Nullable LocalDate date(String text, String where) {
    try {
      return text.isBlank() ? null : LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new Refused(0, where + ".due: '" + text + "' is no date; write it as 2026-12-31");
    }
  }
}
