package dev.lockstep.api;

import dev.lockstep.inbox.WebhookReceipts;
import dev.lockstep.inbox.WebhookReceipts.Kind;
import dev.lockstep.inbox.WebhookReceipts.Receipt;
import dev.lockstep.poll.SystemStates;
import dev.lockstep.poll.SystemStates.Check;
import dev.lockstep.poll.SystemStates.Feed;
import dev.lockstep.poll.SystemStates.SystemState;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The state of the systems, of their webhooks and of what is checked of them; documented in {@code
 * docs/api.md}. Makes no calls to them.
 */
@RestController
@RequestMapping("/api/systems")
class SystemsController {
  private final SystemStates systems;
  private final WebhookReceipts receipts;
  private final Clock clock;
  private final Instant startedAt;

  SystemsController(SystemStates systems, WebhookReceipts receipts, Clock clock) {
    this.systems = systems;
    this.receipts = receipts;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  @GetMapping
  SystemList list() {
    // Read first: what is received from then on is later than `now`.
    Instant now = clock.instant();
    List<Receipt> received = receipts.all();
    return new SystemList(
        now, startedAt, systems.states().stream().map(state -> view(state, received)).toList());
  }

  /**
   * @param startedAt when the process that answers was started with its present settings
   */
  record SystemList(Instant now, Instant startedAt, List<SystemView> systems) {}

  /**
   * @param problem what an operator must do before calls succeed; empty if nothing
   * @param webhooks null for a system whose webhooks Lockstep does not understand
   */
  record SystemView(
      String system,
      String title,
      boolean up,
      boolean degraded,
      String problem,
      List<Feed> feeds,
      @Nullable WebhooksView webhooks,
      List<Check> checks) {}

  /** What was last received; null: nothing of this kind yet. */
  record WebhooksView(
      @Nullable Instant verifiedAt, @Nullable RefusalView refused, @Nullable TestView test) {}

  /**
   * @param reason an outcome of {@code lockstep_webhooks_total}, for example {@code bad-signature}
   */
  record RefusalView(Instant at, String reason) {}

  /**
   * @param id the system's
   * @param occurredAt by the system's clock
   * @param sender the subscription it names in a header, which is not signed; empty if none
   */
  record TestView(Instant at, String id, @Nullable Instant occurredAt, String sender) {}

  private static SystemView view(SystemState state, List<Receipt> received) {
    return new SystemView(
        state.calls().system(),
        state.calls().title(),
        state.up(),
        state.degraded(),
        state.calls().trouble(),
        state.feeds(),
        state.sendsWebhooks() ? webhooks(state.calls().system(), received) : null,
        state.checks());
  }

  private static WebhooksView webhooks(String system, List<Receipt> received) {
    return new WebhooksView(
        WebhookReceipts.find(received, system, Kind.VERIFIED).map(Receipt::at).orElse(null),
        WebhookReceipts.find(received, system, Kind.REFUSED)
            .map(refused -> new RefusalView(refused.at(), refused.detail()))
            .orElse(null),
        WebhookReceipts.find(received, system, Kind.TEST)
            .map(test -> new TestView(test.at(), test.detail(), test.occurredAt(), test.sender()))
            .orElse(null));
  }
}
