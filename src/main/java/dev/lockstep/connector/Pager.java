package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.ListingDefinition.Page;
import dev.lockstep.connector.ListingDefinition.PageKind;
import dev.lockstep.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

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

  /** Requests the page at {@code token}; halves the page size while the answer is too large. */
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
        if (size <= 1) {
          throw e;
        }
      }
    }
  }

  /** The arguments of {@link #addArguments}. */
  static Set<String> arguments(PageKind by) {
    return switch (by) {
      case TOKEN -> Set.of("limit", "since", "sinceMinutes", "pageToken");
      case KEY -> Set.of("limit", "since", "after", "afterId");
      case OFFSET -> Set.of("limit", "since", "until", "offset");
    };
  }

  /** Adds the arguments that request the page at {@code token}. */
  ApiCall addArguments(ApiCall call, PageToken token, Instant since, Instant now) {
    ApiCall asked =
        call.with("limit", String.valueOf(page.size())).with("since", times.write(since));
    if (page.by() == PageKind.TOKEN) {
      return asked.with("sinceMinutes", token.after()).with("pageToken", token.position());
    }
    if (page.by() == PageKind.KEY) {
      return asked
          .with("after", token.after().isEmpty() ? times.write(since) : token.after())
          .with("afterId", token.position().isEmpty() ? page.firstId() : token.position());
    }
    // In the future, because the system's clock may be behind.
    String until = token.after().isEmpty() ? times.write(now.plusSeconds(3600)) : token.after();
    return asked
        .with("until", until)
        .with("offset", token.position().isEmpty() ? "0" : token.position());
  }

  /**
   * @param time path of the time by which an offset listing is sorted, newest first; empty when it
   *     is not sorted by time
   */
  Optional<PageToken> next(PageToken token, JsonNode answer, List<JsonNode> items, String time) {
    if (page.by() == PageKind.TOKEN) {
      String next = JsonPath.text(answer, page.token());
      return next.isEmpty() ? Optional.empty() : Optional.of(new PageToken(token.after(), next));
    }
    boolean more = hasMore(token, answer, items.size());
    if (!more || items.isEmpty()) {
      return Optional.empty();
    }
    JsonNode last = items.get(items.size() - 1);
    if (page.by() == PageKind.KEY) {
      return Optional.of(
          new PageToken(JsonPath.text(last, page.time()), JsonPath.text(last, page.id())));
    }
    return nextOffset(token, items.size(), time.isEmpty() ? "" : JsonPath.text(last, time));
  }

  /** The position after one record that can't be read; empty when the paging needs that record. */
  Optional<PageToken> skipOne(PageToken token) {
    return page.by() == PageKind.OFFSET ? nextOffset(token, 1, "") : Optional.empty();
  }

  /** Whether the listing has more pages. */
  boolean hasMore(PageToken token, JsonNode answer, int count) {
    if (!page.total().isEmpty()) {
      int offset = token.position().isEmpty() ? 0 : Integer.parseInt(token.position());
      return offset + count < JsonPath.find(answer, page.total()).asInt();
    }
    return page.more().isEmpty()
        ? count >= page.size()
        : JsonPath.find(answer, page.more()).asBoolean();
  }

  /** Beyond the system's maximum offset, moves the end of the period instead. */
  private Optional<PageToken> nextOffset(PageToken token, int count, String oldest) {
    int offset = token.position().isEmpty() ? 0 : Integer.parseInt(token.position());
    int next = offset + Math.max(1, count - page.overlap());
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
