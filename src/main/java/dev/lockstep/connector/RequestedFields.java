package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.ConnectorDefinition.Kind;
import dev.lockstep.connector.ListingDefinition.Feed;
import dev.lockstep.connector.ListingDefinition.Gives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the calls of a kind request the fields that mappings read, where {@code on-request}
 * declares that the system returns a field only on request.
 */
final class RequestedFields {
  static final String EVERY_FIELD = "*";

  private final ConnectorDefinition connector;
  private final String name;
  private final Kind kind;

  RequestedFields(ConnectorDefinition connector, String kind) {
    this.connector = connector;
    this.name = kind;
    this.kind = connector.kind(kind);
  }

  /** One line for each field and each call that does not request it. */
  List<String> problems(Set<String> wanted) {
    List<String> problems = new ArrayList<>();
    for (String path : new TreeSet<>(wanted)) {
      if (isOutsideItsFields(path)) {
        problems.add(
            "%s: `%s` is outside of `%s`, and no call requests it; map a path that begins with `%s.`"
                .formatted(file("connector.yaml"), path, kind.fieldsUnder(), kind.fieldsUnder()));
        continue;
      }
      kind.onRequest()
          .forEach(
              (field, request) -> {
                if (field.equals(EVERY_FIELD) || isIn(path, field)) {
                  missing(path, request).forEach(problems::add);
                }
              });
    }
    return problems;
  }

  private boolean isOutsideItsFields(String path) {
    return !kind.fieldsUnder().isEmpty()
        && !isIn(path, kind.fieldsUnder())
        && NativeRecords.ownFields(kind).stream().noneMatch(own -> isIn(path, own));
  }

  private static boolean isIn(String path, String field) {
    return path.equals(field) || path.startsWith(field + ".") || path.startsWith(field + "[");
  }

  private List<String> missing(String path, String request) {
    List<String> problems = new ArrayList<>();
    calls()
        .forEach(
            (call, body) -> {
              RequestTemplate declared = connector.calls().get(call);
              if (declared != null) {
                if (!declared.requests(request)) {
                  problems.add(
                      "%s: calls.%s does not request `%s`, which a mapping of %s reads; put `%s` into it"
                          .formatted(file("connector.yaml"), call, path, name, request));
                }
                return;
              }
              Path kamelet = file(connector.kamelet(call) + ".kamelet.yaml");
              if (!(text(kamelet) + (body == null ? "" : body)).contains(request)) {
                problems.add(
                    "%s: the call does not request `%s`, which a mapping of %s reads; put `%s` into its request"
                        .formatted(kamelet, path, name, request));
              }
            });
    return problems;
  }

  /** The calls that return records, with their body if connector.yaml declares one. */
  private Map<String, @Nullable JsonNode> calls() {
    Map<String, @Nullable JsonNode> calls = new LinkedHashMap<>();
    calls.put(CallNames.fetch(connector.callKind(name)), null);
    calls.put(
        CallNames.find(connector.callKind(name)), kind.find() == null ? null : kind.find().body());
    for (Feed feed : kind.changes()) {
      if (feed.gives() == Gives.RECORDS) {
        calls.put(feed.call(), feed.body());
      }
    }
    return calls;
  }

  private Path file(String file) {
    return connector.folder().resolve(file);
  }

  /** Empty when unreadable; the loader reports that. */
  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
