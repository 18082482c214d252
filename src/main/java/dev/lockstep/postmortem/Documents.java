package dev.lockstep.postmortem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.postmortem.Postmortems.Received;
import dev.lockstep.postmortem.Postmortems.Refused;
import dev.lockstep.postmortem.item.Said;
import dev.lockstep.postmortem.reading.Item;
import dev.lockstep.postmortem.reading.MarkdownReader;
import dev.lockstep.postmortem.reading.Postmortem;
import dev.lockstep.postmortem.reading.UnreadablePostmortem;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes what is taken in of what was sent: Markdown, or JSON of tools with follow-ups of their own.
 */
public class Documents {
  private static final Set<String> KEYS = Set.of("incident", "name", "title", "url", "items");
  private static final Set<String> ITEM_KEYS =
      Set.of("id", "title", "description", "owner", "due", "priority", "labels", "ticket", "done");

  private final ObjectMapper json;
  private final MarkdownReader reader = new MarkdownReader();

  public Documents(ObjectMapper json) {
    this.json = json;
  }

  /**
   * @param name by which it is known when it comes again; may be empty
   * @param url where a person reads it; may be empty
   * @param incident what it is about where the document does not say; may be empty
   * @throws Refused when it can't be read at all
   */
  public Received markdown(byte[] utf8, String name, String url, String incident) {
    Postmortem read;
    try {
      read = reader.read(utf8);
    } catch (UnreadablePostmortem e) {
      throw new Refused(0, String.valueOf(e.getMessage()));
    }
    String named = read.incident();
    return new Received(
        name,
        read.title(),
        url,
        named == null ? incident : named,
        read.incidentLine(),
        read.items().stream().map(Documents::said).toList(),
        new String(utf8, StandardCharsets.UTF_8),
        read.problems());
  }

  private static Said said(Item item) {
    return new Said(
        item.id(),
        item.line(),
        item.title(),
        item.excerpt(),
        item.owner(),
        item.due(),
        item.priority(),
        item.labels(),
        item.ticket(),
        item.done(),
        item.problems());
  }

  /**
   * @throws Refused naming the key that is missing, unknown or of the wrong kind
   */
  public Received json(byte[] body) {
    try {
      JsonNode tree = json.readTree(body);
      if (tree == null || !tree.isObject()) {
        throw new Refused(0, "not a JSON object; send {\"incident\": ..., \"items\": [...]}");
      }
      known(tree, KEYS, "");
      List<Said> items = new ArrayList<>();
      JsonNode listed = tree.path("items");
      if (!listed.isArray()) {
        throw new Refused(0, "items: not a list; send the action items in it, or an empty one");
      }
      for (JsonNode item : listed) {
        String where = "items[" + items.size() + "]";
        Said said = said(item, where);
        distinct(said, items, where);
        items.add(said);
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

  private static Said said(JsonNode item, String where) {
    if (!item.isObject()) {
      throw new Refused(0, where + ": not an object");
    }
    known(item, ITEM_KEYS, where + ".");
    String title = text(item, "title", where).strip();
    if (title.isEmpty()) {
      throw new Refused(0, where + ".title: missing; say in one line what is to be done");
    }
    Set<String> labels = new LinkedHashSet<>();
    item.path("labels").forEach(label -> labels.add(label.asText()));
    return new Said(
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
   * Two that can't be told apart would be one when they come again, and the other one cancelled.
   */
  private static void distinct(Said said, List<Said> before, String where) {
    for (int i = 0; i < before.size(); i++) {
      Said other = before.get(i);
      if (said.id() != null && said.id().equals(other.id())) {
        throw new Refused(
            0,
            "%s.id: '%s' is that of items[%d] too; give each its own"
                .formatted(where, said.id(), i));
      }
      if (said.equals(other)) {
        throw new Refused(
            0, "%s: the same as items[%d]; leave it out, or give each an id".formatted(where, i));
      }
    }
  }

  private static void known(JsonNode node, Set<String> keys, String where) {
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
