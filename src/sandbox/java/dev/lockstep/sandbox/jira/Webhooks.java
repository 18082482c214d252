package dev.lockstep.sandbox.jira;

import dev.lockstep.sandbox.http.Hmac;
import dev.lockstep.sandbox.http.WebhookCounts;
import dev.lockstep.sandbox.http.WebhookSender;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * The webhooks an administrator registered. Those of one issue go out in order, but none waits for
 * another one's retries, so a receiver that fails gets them out of order. Delivery is at least once
 * until the last retry; what then fails is gone. Thread-safe.
 */
public final class Webhooks {

  /** Events whose webhooks a JQL filter concerns; the rest are sent whatever it says. */
  private static final Set<String> FILTERED = Set.of("jira", "comment", "issue");

  /** Retried according to "Retry policy" in the webhook documentation, besides 5xx. */
  private static final Set<Integer> RETRIED = Set.of(408, 409, 425, 429);

  private record Hook(int id, URI target, String jql, Set<String> events) {}

  private final Consumer<String> filterCheck;
  private final WebhookSender sender;
  private final List<Hook> hooks = new ArrayList<>();
  private final Map<Integer, String> secrets = new HashMap<>();
  private boolean on = true;
  private int nextId = 1;

  /**
   * @param filterCheck refuses a filter that makes no sense
   */
  Webhooks(JiraOptions options, Consumer<String> filterCheck) {
    this.filterCheck = filterCheck;
    this.sender =
        new WebhookSender(
            "jira-webhooks",
            options.webhookDelivery,
            new WebhookSender.RetryRules(
                false, status -> status >= 500 || RETRIED.contains(status)),
            options.faults,
            success -> {});
  }

  /**
   * Registers a webhook for all events; returns its id.
   *
   * @param secret signs every webhook; empty for none
   * @param jql only issues it matches are reported; empty for all
   */
  public int register(URI url, String secret, String jql) {
    return register(url, secret, jql, Set.of());
  }

  /**
   * As {@link #register(URI, String, String)}, for some events only.
   *
   * @param events such as {@code jira:issue_updated}; empty for all
   */
  public synchronized int register(URI url, String secret, String jql, Set<String> events) {
    // Refuses here what is no http or https address.
    URI target = HttpRequest.newBuilder(url).build().uri();
    filterCheck.accept(jql);
    Hook hook = new Hook(nextId++, target, jql, Set.copyOf(events));
    hooks.add(hook);
    secrets.put(hook.id(), secret);
    return hook.id();
  }

  /** Signs what is sent from now on, retries too. */
  public synchronized void secret(int id, String secret) {
    secrets.put(id, secret);
  }

  /** Off: changes send nothing, ever. What waits still goes out. */
  public synchronized void on(boolean sends) {
    on = sends;
  }

  /** Nothing waits to be sent, to be sent again, or is held back. */
  public boolean idle() {
    return sender.idle();
  }

  public WebhookCounts counts() {
    return sender.counts();
  }

  void close() {
    sender.close();
  }

  /**
   * Called for every change in order, while the issue is as the change left it.
   *
   * @param matches whether a filter lets the issue through
   */
  synchronized void announce(
      String event, String issue, String body, BiPredicate<String, String> matches) {
    if (!on) {
      return;
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean filtered = FILTERED.contains(event.split("[:_]", 2)[0]);
    for (Hook hook : hooks) {
      boolean wanted = hook.events().isEmpty() || hook.events().contains(event);
      if (wanted && (!filtered || matches.test(hook.jql(), issue))) {
        String identifier = UUID.randomUUID().toString();
        sender.offer(
            hook.id() + " " + issue,
            event,
            retry -> Optional.of(request(hook, identifier, retry, bytes)));
      }
    }
  }

  private HttpRequest.Builder request(Hook hook, String identifier, int retry, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(hook.target())
            .header("Content-Type", "application/json; charset=UTF-8")
            .header("User-Agent", "Atlassian Webhook HTTP Client")
            .header("X-Atlassian-Webhook-Identifier", identifier)
            .header("X-Atlassian-Webhook-Flow", "Primary")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (retry > 0) {
      request.header("X-Atlassian-Webhook-Retry", Integer.toString(retry));
    }
    String secret = secretOf(hook);
    if (!secret.isEmpty()) {
      request.header("X-Hub-Signature", signature(secret, body));
    }
    return request;
  }

  private synchronized String secretOf(Hook hook) {
    return secrets.getOrDefault(hook.id(), "");
  }

  /** "formatted as method=signature, as defined by WebSub". */
  static String signature(String secret, byte[] body) {
    return "sha256=" + Hmac.sha256(secret, body);
  }
}
