package dev.lockstep.connector;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.CheckJudge.Verdict;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.ServiceWebhooks.LastTest;
import dev.lockstep.connector.ServiceWebhooks.Received;
import dev.lockstep.connector.ServiceWebhooks.Refusal;
import dev.lockstep.connector.ServiceWebhooks.UnknownException;
import dev.lockstep.connector.definition.CheckDefinition;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Checks whether the running service receives and verifies the webhooks of one system. */
final class WebhookCheck {
  private static final Executor AFTER_A_MOMENT =
      CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

  /** A system answers calls on other machines than it sends webhooks from. */
  private static final Duration CLOCKS_APART = Duration.ofSeconds(5);

  private final ConnectorDefinition connector;
  private final SystemClient client;
  private final CheckAttempt attempt;
  private final ServiceWebhooks service;
  private final Duration timeout;

  /**
   * @param timeout how long to wait for a test webhook
   */
  WebhookCheck(
      ConnectorDefinition connector,
      SystemClient client,
      CheckAttempt attempt,
      ServiceWebhooks service,
      Duration timeout) {
    this.connector = connector;
    this.client = client;
    this.attempt = attempt;
    this.service = service;
    this.timeout = timeout;
  }

  /** What the service received by itself: absence proves nothing. */
  Verdict last(CheckDefinition check) {
    Received received;
    try {
      received = service.received(connector.system());
    } catch (UnknownException e) {
      return notTested(e, check);
    }
    Instant verified = received.verifiedAt();
    Refusal refused = received.refused();
    String refusal =
        refused == null || (verified != null && refused.at().isBefore(verified))
            ? ""
            : "one was refused %s (%s)".formatted(ago(received, refused.at()), refused.reason());
    if (verified == null || verified.isBefore(received.startedAt())) {
      String before =
          verified == null ? "" : ", the last before that %s".formatted(ago(received, verified));
      return warning(
          "none was verified since the service started %s%s%s"
              .formatted(
                  ago(received, received.startedAt()),
                  before,
                  refusal.isEmpty() ? "" : "; " + refusal),
          check);
    }
    String last = "last verified webhook " + ago(received, verified);
    return refusal.isEmpty()
        ? new Verdict(Status.PASS, last, "")
        : warning(last + "; " + refusal + " since", check);
  }

  /** Lets the system send a test webhook for each of these elements, one after the other. */
  Verdict test(CheckDefinition check, CheckDefinition.TestWebhook how, List<JsonNode> elements) {
    List<Verdict> verdicts = new ArrayList<>();
    for (JsonNode element : elements) {
      // The test webhook of an earlier element may still arrive.
      boolean ambiguous = verdicts.stream().anyMatch(earlier -> earlier.status() != Status.PASS);
      verdicts.add(test(check, how, JsonPath.text(element, how.id()), ambiguous));
    }
    return new Verdict(
        verdicts.stream().map(Verdict::status).max(Comparator.naturalOrder()).orElseThrow(),
        verdicts.stream().map(Verdict::found).distinct().collect(joining("; ")),
        verdicts.stream()
            .map(Verdict::advice)
            .filter(advice -> !advice.isEmpty())
            .distinct()
            .collect(joining(" ")));
  }

  private Verdict test(
      CheckDefinition check, CheckDefinition.TestWebhook how, String id, boolean ambiguous) {
    if (!RecurringCheck.isId(id)) {
      return warning("not tested: '%s' is no id".formatted(CheckJudge.truncate(id)), check);
    }
    if (!client.time().known()) {
      return warning(
          "not tested: no answer states the time (header Date), which tells a new test webhook from"
              + " an older one",
          check);
    }
    try {
      Received before = service.received(connector.system());
      Instant sentAfter = client.time().now().minus(CLOCKS_APART);
      attempt.ask(() -> client.call(ApiCall.write(connector, how.call()).with("id", id)));
      Verdict failure = attempt.failure();
      if (failure != null) {
        return attempt.unreachable()
            ? failure
            : new Verdict(
                CheckJudge.status(check.otherwise()),
                "no test webhook could be requested: " + failure.found(),
                check.advice());
      }
      return await(check, new Expected(before, sentAfter, id, ambiguous));
    } catch (UnknownException e) {
      return notTested(e, check);
    }
  }

  private Verdict await(CheckDefinition check, Expected expected) {
    long start = System.nanoTime();
    while (true) {
      Received received = service.received(connector.system());
      LastTest test = received.test();
      if (test != null && expected.matches(test)) {
        return new Verdict(
            Status.PASS,
            "the test webhook of %s was received and verified".formatted(expected.id()),
            "");
      }
      if (System.nanoTime() - start >= timeout.toNanos()) {
        return missing(check, expected, received);
      }
      CompletableFuture.runAsync(() -> {}, AFTER_A_MOMENT).join();
    }
  }

  private Verdict missing(CheckDefinition check, Expected expected, Received received) {
    Refusal refused = received.refused();
    if (refused != null && !refused.at().isBefore(expected.before().now())) {
      String why =
          switch (refused.reason()) {
            case "bad-signature" ->
                "The service has another secret than the subscription, or something on the way"
                    + " changes the body. ";
            case "no-secret" -> "The service has no secret of these webhooks. ";
            default -> "";
          };
      return new Verdict(
          Status.FAIL,
          "the test webhook of %s was not verified; the service refused one (%s)"
              .formatted(expected.id(), refused.reason()),
          why + check.advice());
    }
    Instant verified = received.verifiedAt();
    boolean others = verified != null && !verified.isBefore(expected.before().now());
    return new Verdict(
        Status.FAIL,
        "the test webhook of %s did not arrive within %d s%s"
            .formatted(
                expected.id(),
                timeout.toSeconds(),
                others ? ", while other webhooks did and were verified" : ""),
        "Check the subscription's URL, the firewall and any proxy before the service, and that the"
            + " URL leads to the service that was asked. "
            + check.advice());
  }

  /**
   * The test webhook that a request caused. The answer to a request names none, so it is identified
   * by its time, by both clocks, and by the subscription that it names.
   *
   * @param before what was received before the request
   * @param sentAfter by the system's clock
   * @param id of the subscription
   * @param ambiguous whether only the subscription distinguishes it from another one of this check
   */
  record Expected(Received before, Instant sentAfter, String id, boolean ambiguous) {
    boolean matches(LastTest test) {
      LastTest earlier = before.test();
      return (earlier == null || !earlier.id().equals(test.id()))
          && !test.at().isBefore(before.now())
          && !test.occurredAt().isBefore(sentAfter)
          && (test.sender().equals(id) || (test.sender().isEmpty() && !ambiguous));
    }
  }

  private static Verdict notTested(UnknownException why, CheckDefinition check) {
    return warning("not tested: " + why.getMessage(), check);
  }

  private static Verdict warning(String found, CheckDefinition check) {
    return new Verdict(Status.WARNING, found, check.advice());
  }

  private static String ago(Received received, Instant at) {
    Duration age = Duration.between(at, received.now());
    if (age.toMinutes() < 2) {
      return Math.max(0, age.toSeconds()) + " s ago";
    }
    if (age.toHours() < 2) {
      return age.toMinutes() + " min ago";
    }
    return age.toDays() < 2 ? age.toHours() + " h ago" : age.toDays() + " d ago";
  }
}
