package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lockstep.connector.definition.CallNames;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ListingDefinition.Feed;
import dev.lockstep.connector.definition.ListingDefinition.Page;
import dev.lockstep.connector.definition.NoteDefinition;
import dev.lockstep.connector.definition.NoteDefinition.Notes;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds and lists the notes on the records of one system. */
final class SystemNotes {
  /** Characters. */
  private static final int MAX_REMEMBERED = 4_000_000;

  private static final int NOT_FOUND = 404;

  private final ConnectorDefinition connector;
  private final SystemClient calls;
  private final NoteReader.Authors authors;
  private final Clock clock;

  /** Texts that took a call of their own, by note; a note's text does not change. */
  private final Cache<String, JsonNode> texts =
      Caffeine.newBuilder()
          .maximumWeight(MAX_REMEMBERED)
          .weigher((String note, JsonNode text) -> text.toString().length())
          .build();

  SystemNotes(
      ConnectorDefinition connector, SystemClient calls, NoteReader.Authors authors, Clock clock) {
    this.connector = connector;
    this.calls = calls;
    this.authors = authors;
    this.clock = clock;
  }

  /** The note's id; empty when the answer does not contain it. */
  Optional<String> add(RecordRef ref, String text, Visibility visibility) {
    Notes declared = declared(ref);
    NoteDefinition.AddNote how =
        declared
            .add(visibility)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        ref.system() + " takes no " + visibility + " notes on " + ref.kind()));
    JsonNode body =
        TextConverter.noteBody(connector.kind(ref.kind()), declared, how.body(), ref.id(), text);
    String shown = visibility.name().toLowerCase(Locale.ROOT);
    String name = CallNames.addNote(connector.callKind(ref.kind()), shown);
    ApiResponse answer = calls.call(ApiCall.write(connector, name, body).on(ref));
    return Optional.ofNullable(how.id())
        .map(id -> id.read(answer.json(), answer::header))
        .filter(id -> !id.isEmpty());
  }

  /** The text that {@link #list} returns for a note added with this one. */
  String shown(RecordRef ref, String text) {
    return hasNone(ref)
        ? text
        : TextConverter.toShownText(connector.kind(ref.kind()), declared(ref), text);
  }

  /** Records of some kinds have no notes at all. */
  private boolean hasNone(RecordRef ref) {
    return connector.kind(ref.kind()).notes() == null;
  }

  boolean areTextOnly(String kind) {
    Notes notes = connector.kind(kind).notes();
    return notes != null && notes.textOnly();
  }

  String writtenWith(String kind) {
    Notes notes = connector.kind(kind).notes();
    return notes == null ? "" : notes.writtenWith();
  }

  boolean shows(RecordRef ref, Visibility visibility) {
    return !hasNone(ref) && declared(ref).visibility().canBe(visibility);
  }

  /** Oldest first. */
  List<WorkNote> list(RecordRef ref) {
    if (hasNone(ref)) {
      return List.of();
    }
    Notes declared = declared(ref);
    String call = CallNames.listNotes(connector.callKind(ref.kind()));
    return list(ref, call, declared.answer(), declared.page(), Instant.EPOCH);
  }

  /** Those that a feed of one record lists since a time, oldest first. */
  List<WorkNote> list(RecordRef ref, Feed feed, Instant since) {
    Instant from = feed.late() == null ? since : since.minus(feed.late());
    return list(ref, feed.call(), feed.answer(), feed.page(), from);
  }

  private List<WorkNote> list(
      RecordRef ref, String name, String path, @Nullable Page page, Instant since) {
    NoteReader reader = reader(ref);
    ApiCall call = ApiCall.read(connector, name).on(ref);
    List<WorkNote> notes = new ArrayList<>();
    Pager.Take read =
        answer -> {
          List<JsonNode> entries = NativeRecords.requireList(connector, answer, path);
          entries.forEach(entry -> read(ref, reader, entry).ifPresent(notes::add));
          return entries;
        };
    if (page == null) {
      read.items(calls.call(call));
    } else {
      new Pager(page, connector.times()).readAll(calls::call, call, since, clock.instant(), read);
    }
    notes.sort(Comparator.comparing(WorkNote::createdAt));
    return notes;
  }

  /** One note; empty if it is none, or was deleted. */
  Optional<WorkNote> find(RecordRef ref, String note) {
    Notes declared = declared(ref);
    String name = CallNames.fetchNote(connector.callKind(ref.kind()));
    // Not a call about the record: a note that is gone says nothing of it.
    ApiCall call = ApiCall.read(connector, name).with("id", ref.id()).with("note", note);
    try {
      JsonNode entry =
          JsonPath.find(calls.call(call).json(), Objects.requireNonNull(declared.one()));
      if (!entry.isObject()) {
        throw new SystemUnavailableException(
            connector.title() + " answered without the note that was asked for");
      }
      return reader(ref).read(entry);
    } catch (RequestRejectedException e) {
      if (e.status() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  boolean pins(String kind) {
    return connector.kind(kind).notes() != null
        && connector.calls().containsKey(CallNames.pinNote(connector.callKind(kind)));
  }

  void pin(RecordRef ref, String note) {
    String name = CallNames.pinNote(connector.callKind(ref.kind()));
    calls.call(ApiCall.write(connector, name).on(ref).with("note", note));
  }

  private NoteReader reader(RecordRef ref) {
    return new NoteReader(connector.kind(ref.kind()), declared(ref), connector.times(), authors);
  }

  private Optional<WorkNote> read(RecordRef ref, NoteReader reader, JsonNode entry) {
    if (reader.declared().text().call().isEmpty()) {
      return reader.read(entry);
    }
    try {
      return reader.read(entry, note -> text(ref, reader.declared().text(), note));
    } catch (RequestRejectedException e) {
      if (e.status() == NOT_FOUND) {
        // Deleted since it was listed.
        return Optional.empty();
      }
      throw e;
    }
  }

  private JsonNode text(RecordRef ref, NoteDefinition.NoteText how, String note) {
    JsonNode known = texts.getIfPresent(ref + " " + note);
    if (known != null) {
      return known;
    }
    // Not a call about the record: a note that is gone says nothing of it.
    ApiCall call = ApiCall.read(connector, how.call()).with("id", ref.id()).with("note", note);
    JsonNode text = JsonPath.find(calls.call(call).json(), how.path());
    texts.put(ref + " " + note, text);
    return text;
  }

  private Notes declared(RecordRef ref) {
    Notes notes = connector.kind(ref.kind()).notes();
    if (notes == null) {
      throw new IllegalArgumentException(ref.system() + " has no notes on " + ref.kind());
    }
    return notes;
  }
}
