package dev.lockstep.poll;

import java.util.Map;
import java.util.Set;

/** By system, the types of events that its webhooks are used for. */
@FunctionalInterface
public interface WebhookEventTypes {
  Map<String, Set<String>> bySystem();
}
