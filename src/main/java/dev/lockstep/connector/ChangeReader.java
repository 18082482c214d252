package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.ListingDefinition;
import dev.lockstep.connector.definition.ListingDefinition.Feed;
import dev.lockstep.connector.definition.Placeholders;
import dev.lockstep.connector.definition.RequestTemplate;
import dev.lockstep.connector.definition.TimeFormat;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads the changes of one system: one feed of a record kind, page by page. */
final class ChangeReader {
  /** A smaller difference between two clocks does not change the request. */
  private static final Duration SAME_TIME = Duration.ofSeconds(30);

  private final ConnectorDefinition connector;
  private final FeedItemReader content;
  private final Function<ApiCall, ApiResponse> calls;
  private final SystemClock time;
  private final TimeZoneCheck checks;

  ChangeReader(
      ConnectorDefinition connector,
      NativeRecords records,
      Function<ApiCall, ApiResponse> calls,
      SystemClock time,
      TimeZoneCheck checks,
      NoteReader.Authors authors) {
    this.connector = connector;
    this.content = new FeedItemReader(connector, records, authors);
    this.calls = calls;
    this.time = time;
    this.checks = checks;
  }

  /**
   * What to request of each record.
   *
   * @param all every field that is needed
   * @param own the fields that identify and date a record
   */
  record Fields(String all, String own) {}

  /**
   * @param name of the feed
   * @param query narrows the listing, in the system's query language; empty for all
   */
  ChangePage page(
      String kind, String name, Fields fields, String query, Instant since, Optional<String> page) {
    KindDefinition declared = connector.kind(kind);
    Feed feed =
        declared.changes().stream()
            .filter(candidate -> candidate.call().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("No feed " + name + " of " + kind));
    ApiCall whole = ApiCall.read(connector, feed.call());
    if (page.isEmpty()) {
      checks.check(
          connector, feed, whole.with("fields", fields.own()), calls, timePath(declared, feed));
    }
    ApiCall call = narrowed(whole, feed, query);
    PageToken start = page.map(PageToken::parse).orElse(PageToken.FIRST);
    try {
      PageResponse reading = read(feed, call.with("fields", fields.all()), start, since);
      return toPage(declared, feed, reading, content.read(kind, feed, since, items(feed, reading)));
    } catch (ResponseTooLargeException e) {
      ApiCall least = call.with("fields", fields.own());
      return skipOversized(kind, declared, feed, least, start, since, e);
    }
  }

  private ApiCall narrowed(ApiCall call, Feed feed, String query) {
    if (query.isEmpty()) {
      return call;
    }
    if (!feed.takesQuery() || !connector.queryLanguage().acceptsQuery(query)) {
      throw new RequestRejectedException(
          0,
          feed.call() + " with " + query,
          "not sent",
          feed.takesQuery()
              ? "The query would change the meaning of the listing; see connectors/README.md."
              : connector.title() + " takes no query here.");
    }
    String filter = Placeholders.fill(feed.filter(), name -> query);
    return call.with(RequestTemplate.FILTER, filter);
  }

  private List<JsonNode> items(Feed feed, PageResponse reading) {
    return NativeRecords.requireList(connector, reading.answer(), feed.answer());
  }

  private ChangePage toPage(
      KindDefinition declared, Feed feed, PageResponse reading, PageContent found) {
    List<JsonNode> items = items(feed, reading);
    String next =
        reading
            .pager()
            .next(reading.token(), reading.answer(), items, feed.time())
            .map(PageToken::toString)
            .orElse(null);
    return new ChangePage(
        found.records,
        found.notes,
        found.toFetch,
        found.noteFingerprints,
        next,
        new ChangePage.Page(
            times(items, timePath(declared, feed), connector.times()).stream()
                .max(Instant::compareTo)
                .orElse(null),
            items.isEmpty() ? null : PageContent.fingerprint(items),
            found.fingerprints(),
            found.skipped));
  }

  /**
   * Continues after a single record that exceeds the answer limit. Where a system returns only
   * requested fields, the record is listed with its identifying fields and fetched separately;
   * where pages have offsets, it is skipped and reported.
   *
   * @param least the call that requests only the identifying fields
   * @throws ResponseTooLargeException when neither is possible
   */
  private ChangePage skipOversized(
      String kind,
      KindDefinition declared,
      Feed feed,
      ApiCall least,
      PageToken start,
      Instant since,
      ResponseTooLargeException oversized) {
    boolean shrinks =
        feed.gives() == ListingDefinition.Gives.RECORDS && declared.showsFieldsOnRequest();
    if (shrinks) {
      PageResponse reading = read(feed.sized(1), least, start, since);
      PageContent found = new PageContent();
      for (JsonNode item : items(feed, reading)) {
        String id = JsonPath.text(item, declared.id());
        if (declared.isId(id)) {
          RecordRef ref = new RecordRef(connector.system(), kind, id);
          found.toFetch.add(ref);
          found.addShown(ref, item);
        } else {
          found.skipped.add(FeedItemReader.label(declared, item) + oversized.answer());
        }
      }
      return toPage(declared, feed, reading, found);
    }
    PageToken next =
        new Pager(feed.page(), connector.times()).skipOne(start).orElseThrow(() -> oversized);
    String left =
        "Item "
            + next.position()
            + " of "
            + feed.call()
            + ": "
            + oversized.answer()
            + ". "
            + oversized.advice();
    return new ChangePage(
        List.of(),
        Map.of(),
        Set.of(),
        Map.of(),
        next.toString(),
        new ChangePage.Page(null, null, Map.of(), List.of(left)));
  }

  private record PageResponse(Pager pager, PageToken token, ApiResponse answer) {}

  /**
   * A request that contains the current time is repeated once when the answer shows that the
   * system's clock differs, as after a start.
   */
  private PageResponse read(Feed feed, ApiCall call, PageToken start, Instant since) {
    boolean knewTime = time.known();
    Instant now = time.now();
    PageResponse reading = read(feed, call, start, since, now);
    boolean asksNow =
        switch (feed.page().by()) {
          case OFFSET, NUMBER, TOKEN -> start.after().isEmpty();
          case KEY, LINK -> false;
        };
    boolean apart = Duration.between(now, time.now()).abs().compareTo(SAME_TIME) > 0;
    return asksNow && !knewTime && apart ? read(feed, call, start, since, time.now()) : reading;
  }

  private PageResponse read(Feed feed, ApiCall call, PageToken start, Instant since, Instant now) {
    Pager pager = new Pager(feed.page(), connector.times());
    PageToken token = pager.start(start, since, now);
    Pager.Read read = pager.read(calls, call, token, since, now);
    return new PageResponse(read.pager(), token, read.answer());
  }

  /** Path, in an item, of the time by which the feed is filtered. */
  private static String timePath(KindDefinition kind, Feed feed) {
    if (!feed.time().isEmpty()) {
      return feed.time();
    }
    return feed.gives() == ListingDefinition.Gives.RECORDS ? kind.updatedAt() : feed.page().time();
  }

  static List<Instant> times(List<JsonNode> items, String path, TimeFormat format) {
    List<Instant> times = new ArrayList<>();
    for (JsonNode item : path.isEmpty() ? List.<JsonNode>of() : items) {
      try {
        times.add(format.parse(JsonPath.text(item, path)));
      } catch (IllegalArgumentException noTime) {
        // The item itself is reported where it is read.
      }
    }
    return times;
  }
}
