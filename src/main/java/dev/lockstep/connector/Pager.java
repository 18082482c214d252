package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.Listing.Page;
import dev.lockstep.connector.Listing.PageKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Turns pages by one page declaration, so that nothing is left out while the listing changes. */
record Pager(Page page, TimeFormat times) {

  /** Adds the arguments that ask for the page at {@code token}. */
  Call ask(Call call, PageToken token, Instant since, Instant now) {
    Call asked = call.with("limit", String.valueOf(page.size())).with("since", times.write(since));
    if (page.by() == PageKind.KEY) {
      return asked
          .with("after", token.after().isEmpty() ? times.write(since) : token.after())
          .with("afterId", token.position().isEmpty() ? page.firstId() : token.position());
    }
    // In the future: our clock may be behind.
    String until = token.after().isEmpty() ? times.write(now.plusSeconds(3600)) : token.after();
    return asked
        .with("until", until)
        .with("offset", token.position().isEmpty() ? "0" : token.position());
  }

  /**
   * @param time path of the time by which a listing by offset is sorted, newest first; empty when
   *     it is not
   */
  Optional<PageToken> next(PageToken token, JsonNode answer, List<JsonNode> items, String time) {
    boolean more =
        page.more().isEmpty()
            ? items.size() >= page.size()
            : JsonPaths.at(answer, page.more()).asBoolean();
    if (!more || items.isEmpty()) {
      return Optional.empty();
    }
    JsonNode last = items.get(items.size() - 1);
    if (page.by() == PageKind.KEY) {
      return Optional.of(
          new PageToken(
              token.feed(), JsonPaths.text(last, page.time()), JsonPaths.text(last, page.id())));
    }
    return nextOffset(token, items.size(), time.isEmpty() ? "" : JsonPaths.text(last, time));
  }

  /** Past the greatest offset the system allows, the window is moved instead. */
  private Optional<PageToken> nextOffset(PageToken token, int count, String oldest) {
    int offset = token.position().isEmpty() ? 0 : Integer.parseInt(token.position());
    int next = offset + Math.max(1, count - page.overlap());
    if (page.most() == 0 || next + page.size() <= page.most()) {
      return Optional.of(new PageToken(token.feed(), token.after(), String.valueOf(next)));
    }
    if (oldest.isEmpty()) {
      return Optional.empty();
    }
    String until = times.write(times.parse(oldest).plusSeconds(1));
    return until.equals(token.after())
        ? Optional.empty()
        : Optional.of(new PageToken(token.feed(), until, "0"));
  }
}
