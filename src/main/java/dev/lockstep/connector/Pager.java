package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.ListingDefinition.Page;
import dev.lockstep.connector.definition.ListingDefinition.PageKind;
import dev.lockstep.connector.definition.RequestTemplate;
import dev.lockstep.connector.definition.TimeFormat;
import dev.lockstep.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pages through a listing without omitting items while the listing changes. */
record Pager(Page page, TimeFormat times) {

  /**
   * With tokens, the request must stay the same for all pages: minutes before now, for a system
   * that reads times in a user's time zone. One minute is added because pages are requested later;
   * the period also covers changes that the system lists late.
   */
  PageToken start(PageToken token, Instant since, Instant now) {
    if (page.by() != PageKind.TOKEN || !token.after().isEmpty()) {
      return token;
    }
    Duration late = page.late() == null ? Duration.ZERO : page.late();
    long seconds = Math.max(0, Duration.between(since.minus(late), now).toSeconds());
    return new PageToken(String.valueOf(seconds / 60 + 2), token.position());
  }

  /**
   * One page.
   *
   * @param pager for the next page
   */
  record Read(Pager pager, ApiResponse answer) {}

  /**
   * Requests the page at {@code token}; halves the page size while the answer is too large, unless
   * the position depends on it.
   */
  Read read(
      Function<ApiCall, ApiResponse> calls,
      ApiCall call,
      PageToken token,
      Instant since,
      Instant now) {
    for (int size = page.size(); ; size /= 2) {
      Pager smaller = new Pager(page.sized(size), times);
      try {
        return new Read(smaller, calls.apply(smaller.addArguments(call, token, since, now)));
      } catch (ResponseTooLargeException e) {
        boolean fixed =
            page.by() == PageKind.NUMBER
                || (page.by() == PageKind.LINK && !token.position().isEmpty());
        if (size <= 1 || fixed) {
          throw e;
        }
      }
    }
  }

  /** Takes a page and returns its items; null: no further page is needed. */
  interface Take {
    @Nullable List<JsonNode> items(ApiResponse page);
  }

  /**
   * Reads page by page.
   *
   * @throws SystemUnavailableException if the system returns a page twice
   */
  void readAll(
      Function<ApiCall, ApiResponse> calls, ApiCall call, Instant since, Instant now, Take read) {
    Optional<PageToken> token = Optional.of(start(PageToken.FIRST, since, now));
    Set<PageToken> pages = new HashSet<>();
    while (token.isPresent()) {
      PageToken at = token.get();
      if (!pages.add(at)) {
        throw new SystemUnavailableException(
            call.connector().title() + " keeps returning the same page of " + call.describe());
      }
      Read page = read(calls, call, at, since, now);
      List<JsonNode> items = read.items(page.answer());
      token = items == null ? Optional.empty() : page.pager().next(at, page.answer(), items, "");
    }
  }

  /** Adds the arguments that request the page at {@code token}. */
  ApiCall addArguments(ApiCall call, PageToken token, Instant since, Instant now) {
    ApiCall asked =
        call.with("limit", String.valueOf(page.size())).with("since", times.write(since));
    // In the future, because the system's clock may be behind.
    String until = token.after().isEmpty() ? times.write(now.plusSeconds(3600)) : token.after();
    return switch (page.by()) {
      case KEY ->
          asked
              .with("after", after(token, since))
              .with("afterId", token.position().isEmpty() ? page.firstId() : token.position());
      case OFFSET ->
          asked
              .with("until", until)
              .with("offset", token.position().isEmpty() ? "0" : token.position());
      case NUMBER ->
          asked
              .with("until", until)
              .with("page", String.valueOf(page.firstNumber() + offset(token) / page.size()));
      case TOKEN -> asked.with("sinceMinutes", token.after()).with("pageToken", token.position());
      case LINK -> asked.with(RequestTemplate.NEXT_QUERY, token.position());
    };
  }

  private String after(PageToken token, Instant since) {
    return token.after().isEmpty() ? times.write(since) : times.toArgument(token.after());
  }

  /**
   * @param time path of the time by which an offset listing is sorted, newest first; empty when it
   *     is not sorted by time
   */
  Optional<PageToken> next(PageToken token, ApiResponse answer, List<JsonNode> items, String time) {
    if (!hasMore(token, answer, items.size())) {
      return Optional.empty();
    }
    return switch (page.by()) {
      case KEY -> last(items).map(item -> position(item, page.time(), page.id()));
      case OFFSET ->
          last(items)
              .flatMap(
                  item ->
                      nextOffset(
                          token,
                          Math.max(1, items.size() - page.overlap()),
                          time.isEmpty() ? "" : JsonPath.text(item, time)));
      // Pages have a fixed size, even if one of them shows fewer items.
      case NUMBER ->
          last(items)
              .flatMap(
                  item ->
                      nextOffset(
                          token, page.size(), time.isEmpty() ? "" : JsonPath.text(item, time)));
      case TOKEN ->
          Optional.of(new PageToken(token.after(), JsonPath.text(answer.json(), page.token())));
      case LINK -> NextLink.query(answer, page.link()).map(query -> new PageToken("", query));
    };
  }

  private static Optional<JsonNode> last(List<JsonNode> items) {
    return items.isEmpty() ? Optional.empty() : Optional.of(items.get(items.size() - 1));
  }

  private static PageToken position(JsonNode item, String time, String id) {
    return new PageToken(JsonPath.text(item, time), JsonPath.text(item, id));
  }

  /** The position after one record that can't be read; empty when the paging needs that record. */
  Optional<PageToken> skipOne(PageToken token) {
    return page.by() == PageKind.OFFSET ? nextOffset(token, 1, "") : Optional.empty();
  }

  /** Whether the listing has more pages. */
  boolean hasMore(PageToken token, ApiResponse answer, int count) {
    return switch (page.by()) {
      case TOKEN -> !JsonPath.text(answer.json(), page.token()).isEmpty();
      case LINK -> NextLink.query(answer, page.link()).isPresent();
      case KEY, OFFSET, NUMBER -> {
        if (!page.total().isEmpty()) {
          yield offset(token) + count < JsonPath.find(answer.json(), page.total()).asInt();
        }
        yield page.more().isEmpty()
            ? count >= page.size()
            : JsonPath.find(answer.json(), page.more()).asBoolean();
      }
    };
  }

  private static int offset(PageToken token) {
    return token.position().isEmpty() ? 0 : Integer.parseInt(token.position());
  }

  /** Beyond the system's maximum offset, moves the end of the period instead. */
  private Optional<PageToken> nextOffset(PageToken token, int step, String oldest) {
    int next = offset(token) + step;
    if (page.most() == 0 || next + page.size() <= page.most()) {
      return Optional.of(new PageToken(token.after(), String.valueOf(next)));
    }
    if (oldest.isEmpty()) {
      return Optional.empty();
    }
    String until = times.write(times.parse(oldest).plusSeconds(1));
    return until.equals(token.after()) ? Optional.empty() : Optional.of(new PageToken(until, "0"));
  }
}
