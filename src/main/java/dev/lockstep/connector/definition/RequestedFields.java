package dev.lockstep.connector.definition;

import dev.lockstep.connector.definition.ListingDefinition.Feed;
import dev.lockstep.connector.definition.ListingDefinition.Gives;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Checks that the calls of a kind request the fields that mappings read, where {@code on-request}
 * declares that the system returns a field only on request.
 */
public final class RequestedFields {
  static final String EVERY_FIELD = "*";

  private final ConnectorDefinition connector;
  private final String name;
  private final KindDefinition kind;

  public RequestedFields(ConnectorDefinition connector, String kind) {
    this.connector = connector;
    this.name = kind;
    this.kind = connector.kind(kind);
  }

  /** One line for each field and each call that does not request it. */
  public List<String> problems(Set<String> wanted) {
    List<String> problems = new ArrayList<>();
    for (String path : new TreeSet<>(wanted)) {
      if (isOutsideItsFields(path)) {
        problems.add(
            "%s: `%s` is outside of `%s`, and no call requests it; map a path that begins with `%s.`"
                .formatted(file(), path, kind.fieldsUnder(), kind.fieldsUnder()));
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
        && kind.ownFields().stream().noneMatch(own -> isIn(path, own));
  }

  private static boolean isIn(String path, String field) {
    return path.equals(field) || path.startsWith(field + ".") || path.startsWith(field + "[");
  }

  private List<String> missing(String path, String request) {
    return calls()
        .filter(call -> !connector.call(call).requests(request))
        .map(
            call ->
                "%s: calls.%s does not request `%s`, which a mapping of %s reads; put `%s` into it"
                    .formatted(file(), call, path, name, request))
        .toList();
  }

  /** The calls that return records. */
  private Stream<String> calls() {
    String thing = connector.callKind(name);
    return Stream.concat(
        Stream.of(CallNames.fetch(thing), CallNames.find(thing)),
        kind.changes().stream().filter(feed -> feed.gives() == Gives.RECORDS).map(Feed::call));
  }

  private Path file() {
    return connector.folder().resolve("connector.yaml");
  }
}
