package dev.lockstep.connector.definition;

import dev.lockstep.connector.definition.ListingDefinition.Gives;
import dev.lockstep.ops.yaml.Suggestion;
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
              if (kind.notes() != null) {
                checkNotes(name, kind, kind.notes());
              }
              checkWrites(name, kind);
              if (kind.names() != null) {
                checkNames(name, kind);
              }
              if (kind.appendOnly()) {
                checkAppendOnly(name, kind);
              }
            });
    for (int i = 0; i < connector.secrets().size(); i++) {
      checkSecret(List.of("secrets", String.valueOf(i)), connector.secrets().get(i));
    }
  }

  private void checkSecret(List<String> at, ConnectorDefinition.SecretField secret) {
    if (!connector.calls().containsKey(secret.call())) {
      file.refuse(
          at,
          "'%s' is not declared under `calls`%s"
              .formatted(secret.call(), Suggestion.of(secret.call(), connector.calls().keySet())));
    }
    ConnectorDefinition.Setting setting = connector.settings().get(secret.setting());
    if (setting == null
        || setting.kind() != ConnectorDefinition.SettingKind.TABLE
        || !setting.secret()) {
      file.refuse(
          at,
          "'%s' is no setting with `kind: table` and `secret: true`".formatted(secret.setting()));
    }
  }

  /** Whether such a record exists already is known by its correlation id alone. */
  private void checkAppendOnly(String name, KindDefinition kind) {
    boolean canChange =
        kind.link() != null
            || kind.moves() != null
            || kind.duplicate() != null
            || !kind.writes().isEmpty()
            || kind.notes() != null;
    boolean isFound = kind.find().page() != null && kind.find().after() != null;
    if (canChange || !isFound || kind.send().correlation().isEmpty()) {
      file.refuse(
          List.of("kinds", name, "append-only"),
          "with `append-only` nothing is changed later, so that `link`, `moves`, `duplicate`, `writes` and `notes` have no effect; it needs `send.correlation`, `find.page` and `find.after`");
    }
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

  private void checkNotes(String name, KindDefinition kind, NoteDefinition.Notes notes) {
    if (!notes.text().call().isEmpty()) {
      checkFeeds(name, kind, notes.text().call());
    }
    String reference = notes.author().reference();
    if (!reference.isEmpty() && !connector.references().containsKey(reference)) {
      file.refuse(
          List.of("kinds", name, "notes", "author"),
          "'%s' is not declared under `references`%s"
              .formatted(reference, Suggestion.of(reference, connector.references().keySet())));
    }
    for (int i = 0; i < kind.changes().size(); i++) {
      ListingDefinition.Feed feed = kind.changes().get(i);
      if (feed.perRecord() && feed.gives() != Gives.NOTES) {
        file.refuse(
            List.of("kinds", name, "changes", String.valueOf(i)),
            "'%s' is made once per record, which only a feed that gives notes can be"
                .formatted(feed.call()));
      }
    }
  }

  private void checkWrites(String name, KindDefinition kind) {
    if (!kind.writes().isEmpty() && (kind.moves() != null || !kind.send().wrapper().isEmpty())) {
      file.refuse(
          List.of("kinds", name, "writes"),
          "`writes` cannot be combined with `moves` or `send.wrapper`; keep one of them");
    }
  }

  /** A record is taken up only if Lockstep created it, and is claimed by its correlation id. */
  private void checkNames(String name, KindDefinition kind) {
    List<String> at = List.of("kinds", name, "names");
    if (connector.self() == null) {
      file.refuse(at, "`names` needs to know who Lockstep is; declare `self`");
    }
    if (kind.link() == null || !kind.send().correlation().isEmpty()) {
      file.refuse(
          at, "with `names` the correlation id is written by `link`, not by `send.correlation`");
    }
    if (kind.find().page() == null || kind.find().within() != null) {
      file.refuse(
          at, "a name is looked for among all records; set `find.page`, without `find.within`");
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
