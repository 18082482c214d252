package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.jira.IssueChange.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Displays fields and their values in a changelog. */
final class FieldDisplay {

  private static final Set<String> REFERENCES =
      Set.of("status", "priority", "issuetype", "resolution", "assignee", "reporter");

  private final Site site;

  FieldDisplay(Site site) {
    this.site = site;
  }

  Item item(String field, JsonNode before, JsonNode after) {
    CustomField custom = site.customField(field).orElse(null);
    boolean refers =
        REFERENCES.contains(field) || (custom != null && custom.type() == CustomField.Type.SELECT);
    return new Item(
        custom == null ? field : custom.name(),
        field,
        custom != null,
        refers && !before.isNull() ? before.asText() : null,
        words(field, custom, before),
        refers && !after.isNull() ? after.asText() : null,
        words(field, custom, after));
  }

  private @Nullable String words(String field, @Nullable CustomField custom, JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    String id = value.asText();
    if (custom != null && custom.type() == CustomField.Type.SELECT) {
      return Site.named(custom.options(), id).map(NamedValue::name).orElse(id);
    }
    return switch (field) {
      case "status" -> site.status(id).name();
      case "priority" -> Site.named(Site.PRIORITIES, id).map(NamedValue::name).orElse(id);
      case "resolution" -> Site.named(Site.RESOLUTIONS, id).map(NamedValue::name).orElse(id);
      case "issuetype" -> Site.named(site.issueTypes(), id).map(NamedValue::name).orElse(id);
      case "assignee", "reporter" -> site.user(id).map(JiraUser::displayName).orElse(id);
      case "labels" -> {
        List<String> labels = new ArrayList<>();
        value.forEach(label -> labels.add(label.asText()));
        yield String.join(" ", labels);
      }
      case "components" -> {
        List<String> names = new ArrayList<>();
        value.forEach(
            one -> site.component(one.asText()).map(Component::name).ifPresent(names::add));
        yield String.join(", ", names);
      }
      default -> value.isObject() ? AdfText.wiki(value) : id;
    };
  }

  String nameOf(String field) {
    return site.customField(field)
        .map(CustomField::name)
        .orElseGet(() -> field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1));
  }
}
