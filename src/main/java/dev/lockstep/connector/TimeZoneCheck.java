package dev.lockstep.connector;

import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ListingDefinition.Feed;
import dev.lockstep.connector.definition.ListingDefinition.TimeCheck;
import dev.lockstep.connector.definition.TimeFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Checks that a system reads times in requests as it writes them in answers: a query for changes
 * since the time of its newest record must return that record or a newer one. A system that reads
 * them in a user's time zone returns nothing, or too much. Repeated every hour because of daylight
 * saving time. Thread-safe.
 */
final class TimeZoneCheck {
  private static final Duration HOLDS = Duration.ofHours(1);
  private static final int TRIES = 2;

  private final Clock clock;
  private final Map<String, Instant> passed = new ConcurrentHashMap<>();

  TimeZoneCheck(Clock clock) {
    this.clock = clock;
  }

  /**
   * @throws RequestRejectedException when the times differ
   */
  void check(
      ConnectorDefinition connector,
      Feed feed,
      ApiCall listing,
      Function<ApiCall, ApiResponse> calls,
      String timePath) {
    TimeCheck check = feed.timeCheck();
    Instant now = clock.instant();
    Instant last = passed.get(listing.connector().system() + "/" + feed.call());
    if (check == null || (last != null && !now.isBefore(last) && now.isBefore(last.plus(HOLDS)))) {
      return;
    }
    Verdict verdict = Verdict.FITS;
    // Twice, because the newest record may be deleted between the two requests.
    for (int i = 0; i < TRIES; i++) {
      verdict = ask(connector, feed, check, listing, calls, timePath);
      if (verdict == Verdict.FITS) {
        passed.put(connector.system() + "/" + feed.call(), now);
      }
      if (verdict != Verdict.LATER) {
        break;
      }
    }
    if (verdict == Verdict.LATER || verdict == Verdict.EARLIER) {
      throw new RequestRejectedException(
          200,
          listing.describe(),
          connector.title() + " reads times in questions as " + verdict.text,
          check.advice());
    }
  }

  private enum Verdict {
    FITS(""),
    NOTHING_TO_COMPARE(""),
    LATER("later than it writes them: changes would never be found"),
    EARLIER("earlier than it writes them: old changes would be found again and again");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }
  }

  private static Verdict ask(
      ConnectorDefinition connector,
      Feed feed,
      TimeCheck check,
      ApiCall listing,
      Function<ApiCall, ApiResponse> calls,
      String timePath) {
    TimeFormat times = connector.times();
    ApiCall newest =
        ApiCall.read(connector, check.call())
            .with("fields", listing.arguments().getOrDefault("fields", ""));
    List<Instant> found =
        ChangeReader.times(
            NativeRecords.requireList(connector, calls.apply(newest), feed.answer()),
            timePath,
            times);
    if (found.isEmpty()) {
      return Verdict.NOTHING_TO_COMPARE;
    }
    Instant time = found.get(0);
    Pager one = new Pager(feed.page().sized(1), times);
    ApiResponse since = calls.apply(one.addArguments(listing, PageToken.FIRST, time, time));
    List<Instant> shown =
        ChangeReader.times(
            NativeRecords.requireList(connector, since, feed.answer()), timePath, times);
    if (shown.isEmpty()) {
      return Verdict.LATER;
    }
    return shown.get(0).isBefore(time) ? Verdict.EARLIER : Verdict.FITS;
  }
}
