package dev.lockstep.connector.definition;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.connector.definition.ListingDefinition.Feed;
import dev.lockstep.connector.definition.ListingDefinition.Page;
import dev.lockstep.json.JsonPath;
import dev.lockstep.ops.yaml.YamlFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that every path in a {@code connector.yaml} can be read as one. */
final class PathsCheck {
  private static final String APPEND = "[]";

  private final YamlFile file;
  private final ConnectorDefinition connector;

  PathsCheck(YamlFile file, ConnectorDefinition connector) {
    this.file = file;
    this.connector = connector;
  }

  /** Adds a problem to the file for each text that is no path. */
  void check() {
    connector.kinds().forEach((name, kind) -> checkKind(List.of("kinds", name), kind));
    connector
        .references()
        .forEach(
            (name, reference) -> {
              List<String> at = List.of("references", name);
              check(at, "id", reference.id());
              check(at, "key", reference.key());
              checkAnswer(at, reference.answer());
              checkPage(at, reference.page());
            });
    connector
        .onCall()
        .forEach(
            (kind, onCall) -> {
              List<String> at = List.of("on-call", kind);
              check(at, "answer", onCall.answer());
              check(at, "person", onCall.person());
              check(at, "level", onCall.level());
              checkPage(at, onCall.page());
            });
    for (int i = 0; i < connector.checks().size(); i++) {
      checkCheck(List.of("checks", String.valueOf(i)), connector.checks().get(i));
    }
    if (connector.self() != null) {
      check(List.of("self"), "id", connector.self().id());
    }
    List<String> refused = List.of("refused-fields");
    check(refused, "keys", connector.refusedFields().keys());
    check(refused, "within", connector.refusedFields().within());
    connector
        .refusedFields()
        .texts()
        .forEach(text -> check(refused, "texts", text.replace("[].", ".")));
  }

  private void checkKind(List<String> at, KindDefinition kind) {
    check(at, "id", kind.id());
    check(at, "updated-at", kind.updatedAt());
    check(at, "opened-at", kind.openedAt());
    check(at, "changed-by", kind.changedBy());
    check(at, "merged-into", kind.mergedInto());
    check(at, "correlation", kind.correlation());
    kind.emptyIfMissing().forEach(path -> check(at, "empty-if-missing", path));
    if (kind.find() != null) {
      checkPage(YamlFile.with(at, "find"), kind.find().page());
    }
    List<String> version = YamlFile.with(at, "version");
    check(version, "count", kind.version().count());
    check(version, "second", kind.version().second());
    check(version, "time", kind.version().time());
    checkAnswer(at, kind.answer());
    List<String> send = YamlFile.with(at, "send");
    kind.send().correlation().forEach(path -> check(send, "correlation", path));
    check(send, "key", kind.send().key());
    KindDefinition.Link link = kind.link();
    if (link != null) {
      check(YamlFile.with(at, "link"), "correlation", link.correlation());
      check(YamlFile.with(at, "link"), "key", link.key());
    }
    DuplicateDefinition duplicate = kind.duplicate();
    if (duplicate != null) {
      checkDuplicate(YamlFile.with(at, "duplicate"), duplicate);
    }
    kind.writes().forEach(write -> check(at, "writes", write.path()));
    if (kind.names() != null) {
      check(YamlFile.with(at, "names"), "field", kind.names().field());
      check(YamlFile.with(at, "names"), "creator", kind.names().creator());
    }
    checkPage(YamlFile.with(at, "find"), kind.find().page());
    TransitionDefinition moves = kind.moves();
    if (moves != null) {
      checkMoves(YamlFile.with(at, "moves"), moves);
    }
    NoteDefinition.Notes notes = kind.notes();
    if (notes != null) {
      checkNotes(YamlFile.with(at, "notes"), notes);
    }
    for (int i = 0; i < kind.changes().size(); i++) {
      checkFeed(YamlFile.with(at, "changes", String.valueOf(i)), kind.changes().get(i));
    }
  }

  private void checkDuplicate(List<String> at, DuplicateDefinition duplicate) {
    check(at, "primary", duplicate.primary());
    check(at, "links", duplicate.links());
    check(at, "id", duplicate.id());
    duplicate.only().keySet().forEach(path -> check(YamlFile.with(at, "only"), path, path));
  }

  private void checkMoves(List<String> at, TransitionDefinition moves) {
    check(at, "field", moves.field());
    check(at, "answer", moves.answer());
    check(at, "id", moves.id());
    check(at, "name", moves.name());
    check(at, "to", moves.to());
    check(at, "screen", moves.screen());
    moves.onlyWith().forEach(path -> check(at, "only-with", path));
  }

  private void checkNotes(List<String> at, NoteDefinition.Notes notes) {
    check(at, "answer", notes.answer());
    check(at, "id", notes.id());
    check(at, "author", notes.author().path());
    check(at, "created-at", notes.createdAt());
    check(at, "text", notes.text().path());
    check(at, "visibility", notes.visibility().path());
    notes.only().forEach(condition -> check(at, "only", condition.path()));
    if (notes.marked() != null) {
      check(YamlFile.with(at, "marked"), "list", notes.marked().list());
      check(YamlFile.with(at, "marked"), "name", notes.marked().name());
    }
    check(at, "one", notes.one());
    check(at, "written-with", notes.writtenWith());
    checkPage(at, notes.page());
    notes.add().forEach((shown, how) -> check(YamlFile.with(at, "add", shown), "id", how.id()));
  }

  private void checkFeed(List<String> at, Feed feed) {
    check(at, "answer", feed.answer());
    check(at, "record", feed.record());
    check(at, "whole", feed.whole());
    check(at, "time", feed.time());
    check(at, "type", feed.type());
    check(at, "entry-id", feed.entryId());
    check(at, "note-text", feed.noteText());
    check(at, "notes", feed.notes());
    check(at, "notes-total", feed.notesTotal());
    checkPage(at, feed.page());
  }

  private void checkCheck(List<String> at, CheckDefinition check) {
    check(at, "among", check.among());
    check.where().forEach(condition -> check(at, "where", condition.path()));
    check.shows().forEach(condition -> check(at, "shows", condition.path()));
    CheckDefinition.From from = check.from();
    if (from != null) {
      List<String> place = YamlFile.with(at, "from");
      check(place, "among", from.among());
      check(place, "id", from.id());
      from.where().forEach(condition -> check(place, "where", condition.path()));
    }
    CheckDefinition.Accepts accepts = check.accepts();
    if (accepts != null) {
      List<String> place = YamlFile.with(at, "accepts");
      check(place, "name", accepts.name());
      check(place, "title", accepts.title());
      check(place, "total", accepts.total());
      accepts.required().forEach(condition -> check(place, "required", condition.path()));
    }
    CheckDefinition.TestWebhook test = check.testWebhook();
    if (test != null) {
      check(YamlFile.with(at, "test-webhook"), "id", test.id());
    }
    CheckDefinition.Repair repair = check.repair();
    if (repair != null) {
      List<String> place = YamlFile.with(at, "repair");
      check(place, "id", repair.id());
      repair.when().forEach(condition -> check(place, "when", condition.path()));
    }
  }

  private void checkAnswer(List<String> at, AnswerPaths answer) {
    List<String> place = YamlFile.with(at, "answer");
    check(place, "one", answer.one());
    check(place, "many", answer.many());
    check(place, "created", answer.created());
  }

  private void checkPage(List<String> at, @Nullable Page page) {
    if (page != null) {
      List<String> place = YamlFile.with(at, "page");
      check(place, "time", page.time());
      check(place, "id", page.id());
      check(place, "more", page.more());
      check(place, "total", page.total());
      check(place, "token", page.token());
      check(place, "link", page.link());
    }
  }

  private void check(List<String> at, String key, @Nullable CreatedId id) {
    if (id != null) {
      check(at, key, id.path());
    }
  }

  private void check(List<String> at, String key, @Nullable String path) {
    if (path == null) {
      return;
    }
    String read = path.endsWith(APPEND) ? path.substring(0, path.length() - 2) : path;
    try {
      // Every step is read, though nothing is found.
      var unused = JsonPath.find(MissingNode.getInstance(), read);
    } catch (IllegalArgumentException e) {
      file.refuse(
          YamlFile.with(at, key),
          "'%s' is not a path; write keys joined by dots, positions in lists as [0] and elements as [id=360]"
              .formatted(path));
    }
  }
}
