package dev.lockstep.sandbox.pagerduty;

import org.jspecify.annotations.Nullable;

/**
 * Who did something: a user, or a service when an integration did.
 *
 * @param kind {@code user} or {@code service}, the type of the reference without its suffix
 * @param email null for a service
 */
public record Agent(String id, String kind, String name, @Nullable String email) {

  static Agent of(PagerDutyUser user) {
    return new Agent(user.id(), "user", user.name(), user.email());
  }

  static Agent of(Service service) {
    return new Agent(service.id(), "service", service.name(), null);
  }
}
