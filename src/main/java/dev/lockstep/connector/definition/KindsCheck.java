package dev.lockstep.connector.definition;

import dev.lockstep.connector.definition.ListingDefinition.Gives;
import dev.lockstep.ops.yaml.YamlFile;
import java.util.List;

/** Checks what the keys of a record kind in a {@code connector.yaml} require of each other. */
final class KindsCheck {
  private final YamlFile file;
  private final ConnectorDefinition connector;

  KindsCheck(YamlFile file, ConnectorDefinition connector) {
    this.file = file;
    this.connector = connector;
  }

  /** Adds a problem to the file for each mistake. */
  void check() {
    connector
        .kinds()
        .forEach(
            (name, kind) -> {
              if (kind.duplicate() != null) {
                checkBody(name, kind.duplicate());
              }
              if (kind.correlationDigest()) {
                checkDigest(name, kind);
              }
              String call = kind.notes() == null ? "" : kind.notes().text().call();
              if (!call.isEmpty()) {
                checkFeeds(name, kind, call);
              }
            });
  }

  /** The digest is found without the token, and nothing beside it may give the counterpart away. */
  private void checkDigest(String name, KindDefinition kind) {
    List<String> place = List.of("kinds", name, "correlation-digest");
    if (!kind.ownsCorrelation()) {
      file.refuse(
          place,
          "kinds.%s.correlation-digest needs owns-correlation: true, since a digest proves nothing about who wrote it"
              .formatted(name));
    }
    if (kind.link() != null || !kind.send().key().isEmpty()) {
      file.refuse(
          place,
          "kinds.%s.correlation-digest hides the counterpart's id, which `link` or `send.key` would show; remove one"
              .formatted(name));
    }
  }

  private void checkBody(String name, DuplicateDefinition how) {
    String body = how.body().toString();
    for (String hole : placeholders(how)) {
      if (!body.contains("{" + hole + "}")) {
        file.refuse(
            List.of("kinds", name, "duplicate", "body"),
            "kinds.%s.duplicate.body has no {%s} in it; write it where the %s's id goes"
                .formatted(name, hole, hole));
      }
    }
  }

  private static List<String> placeholders(DuplicateDefinition how) {
    return switch (how.by()) {
      case UPDATE -> List.of();
      case LINK -> List.of("duplicate", "primary");
      case MERGE -> List.of("duplicate");
    };
  }

  /** A text is fetched when the notes of one record are listed, not for the notes of a feed. */
  private void checkFeeds(String name, KindDefinition kind, String call) {
    for (int i = 0; i < kind.changes().size(); i++) {
      ListingDefinition.Feed feed = kind.changes().get(i);
      if (feed.gives() == Gives.NOTES || !feed.notes().isEmpty()) {
        file.refuse(
            List.of("kinds", name, "changes", String.valueOf(i)),
            "'%s' lists notes, whose text only the call '%s' returns; let it list records or a log"
                .formatted(feed.call(), call));
      }
    }
  }
}
