package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.Connector.Kind;
import dev.lockstep.connector.Listing.Feed;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What changed in one system: the feeds of a record kind, one after another, page by page. */
final class ChangeFeeds {
  private final Connector connector;
  private final NativeRecords records;
  private final Function<Call, Answer> calls;
  private final Clock clock;

  ChangeFeeds(
      Connector connector, NativeRecords records, Function<Call, Answer> calls, Clock clock) {
    this.connector = connector;
    this.records = records;
    this.calls = calls;
    this.clock = clock;
  }

  /**
   * @param fields what to ask of each record
   */
  Changes page(String kind, String fields, Instant since, Optional<String> page) {
    Kind declared = connector.kind(kind);
    if (declared.changes().isEmpty()) {
      return new Changes(List.of(), Map.of(), Set.of(), null);
    }
    PageToken at = page.map(PageToken::parse).orElse(PageToken.startOf(0));
    Feed feed = declared.changes().get(at.feed());
    Pager pager = new Pager(feed.page(), connector.times());
    PageToken token = pager.begun(at, since, clock.instant());
    Call call = Call.read(connector, feed.call()).with("fields", fields);
    Answer answer = calls.apply(pager.ask(call, token, since, clock.instant()).asking(feed.body()));
    List<JsonNode> items = NativeRecords.items(answer.json(), feed.answer());
    String next = next(declared, token, pager.next(token, answer.json(), items, feed.time()));
    return switch (feed.gives()) {
      case RECORDS -> records(kind, declared, feed, since, answer, next);
      case NOTES -> notes(kind, declared, feed, items, next);
      case LOG -> log(kind, feed, items, next);
    };
  }

  private static @Nullable String next(Kind kind, PageToken token, Optional<PageToken> more) {
    if (more.isPresent()) {
      return more.get().toString();
    }
    int following = token.feed() + 1;
    return following < kind.changes().size() ? PageToken.startOf(following).toString() : null;
  }

  private Changes records(
      String kind, Kind declared, Feed feed, Instant since, Answer answer, @Nullable String next) {
    Instant from = since.truncatedTo(ChronoUnit.SECONDS);
    List<NativeRecord> found =
        records.many(connector, kind, feed.answer(), answer).stream()
            .filter(record -> !feed.onlyChanged() || !record.updatedAt().isBefore(from))
            .toList();
    if (feed.notes().isEmpty() || declared.notes() == null) {
      return new Changes(found, Map.of(), Set.of(), next);
    }
    return withNotes(
        found, feed, new NoteReader(declared, declared.notes(), connector.times()), next);
  }

  /** A record that shows only some of its notes is to be looked at. */
  private static Changes withNotes(
      List<NativeRecord> found, Feed feed, NoteReader reader, @Nullable String next) {
    Map<RecordRef, List<WorkNote>> notes = new LinkedHashMap<>();
    Set<RecordRef> look = new LinkedHashSet<>();
    for (NativeRecord record : found) {
      JsonNode entries = JsonPaths.at(record.json(), feed.notes());
      JsonNode total = JsonPaths.at(record.json(), feed.notesTotal());
      if (!entries.isArray() || total.asInt(entries.size()) > entries.size()) {
        look.add(record.ref());
        continue;
      }
      List<WorkNote> told = new ArrayList<>();
      entries.forEach(entry -> reader.read(entry).ifPresent(told::add));
      if (!told.isEmpty()) {
        notes.put(record.ref(), told);
      }
    }
    return new Changes(found, notes, look, next);
  }

  private Changes notes(
      String kind, Kind declared, Feed feed, List<JsonNode> entries, @Nullable String next) {
    Map<RecordRef, List<WorkNote>> notes = new LinkedHashMap<>();
    if (declared.notes() != null) {
      NoteReader reader = new NoteReader(declared, declared.notes(), connector.times());
      for (JsonNode entry : entries) {
        String id = JsonPaths.text(entry, feed.record());
        if (!id.isEmpty()) {
          RecordRef ref = new RecordRef(connector.system(), kind, id);
          reader
              .read(entry)
              .ifPresent(note -> notes.computeIfAbsent(ref, r -> new ArrayList<>()).add(note));
        }
      }
    }
    return new Changes(List.of(), notes, Set.of(), next);
  }

  private Changes log(String kind, Feed feed, List<JsonNode> entries, @Nullable String next) {
    Map<RecordRef, NativeRecord> whole = new LinkedHashMap<>();
    Set<RecordRef> look = new LinkedHashSet<>();
    Map<RecordRef, List<NoteTrace>> traces = new LinkedHashMap<>();
    for (JsonNode entry : entries) {
      String type = JsonPaths.text(entry, feed.type());
      JsonNode json = JsonPaths.at(entry, feed.record());
      String id = JsonPaths.text(json, connector.kind(kind).id());
      if (feed.ignore().contains(type) || id.isEmpty()) {
        continue;
      }
      RecordRef ref = new RecordRef(connector.system(), kind, id);
      Optional<NativeRecord> record = whole(kind, feed, json);
      Optional<NoteTrace> trace =
          feed.look().contains(type) ? trace(kind, feed, entry) : Optional.empty();
      if (trace.isPresent()) {
        traces.computeIfAbsent(ref, r -> new ArrayList<>()).add(trace.get());
        record.ifPresent(told -> whole.putIfAbsent(ref, told));
      } else if (feed.look().contains(type) || record.isEmpty()) {
        look.add(ref);
      } else {
        whole.putIfAbsent(ref, record.get());
      }
    }
    whole.keySet().removeAll(look);
    return new Changes(List.copyOf(whole.values()), Map.of(), look, traces, next);
  }

  private Optional<NoteTrace> trace(String kind, Feed feed, JsonNode entry) {
    if (feed.noteText().isEmpty() || JsonPaths.text(entry, feed.noteText()).isBlank()) {
      return Optional.empty();
    }
    try {
      Instant at = connector.times().parse(JsonPaths.text(entry, feed.time()));
      String text = JsonPaths.text(entry, feed.noteText());
      return Optional.of(new NoteTrace(at, records.noteText(connector.system(), kind, text)));
    } catch (IllegalArgumentException noTime) {
      return Optional.empty();
    }
  }

  private Optional<NativeRecord> whole(String kind, Feed feed, JsonNode json) {
    if (feed.whole().isEmpty() || JsonPaths.text(json, feed.whole()).isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(records.read(connector.system(), kind, json, null));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
