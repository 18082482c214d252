package dev.lockstep.sandbox.demo;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * What an incident must say when the ticket says this, as the hospital wants it: written by hand
 * from the shipped mapping's intention, not from the mapping, so that an error there shows. Pure.
 */
final class ExpectedFields {
  static final String SERVICE_DESK = "Service Desk";
  static final String DEFAULT_POLICY = "Default";
  static final String DEFAULT_SERVICE = "Default Service";

  private static final String ON_HOLD = "3";

  /** What {@code short_description} holds; longer titles are cut. */
  private static final int LONGEST_TITLE = 160;

  private static final Map<String, String> STATUS =
      Map.of(
          "1", "triggered",
          "2", "acknowledged",
          "3", "acknowledged",
          "6", "resolved",
          "7", "resolved",
          "8", "resolved");

  /** Which names both sides know; what one side does not know cannot be in step. */
  record Names(BiPredicate<String, String> itsm, BiPredicate<String, String> platform) {

    boolean known(String field, String ticket, String incident) {
      return (ticket.isEmpty() || platform.test(field, ticket))
          && (incident.isEmpty() || itsm.test(field, incident));
    }
  }

  private final Names names;

  ExpectedFields(Names names) {
    this.names = names;
  }

  /** Field to what each side says; empty when the two agree. */
  SortedMap<String, String> differences(FieldState ticket, FieldState incident) {
    SortedMap<String, String> differences = new TreeMap<>();
    for (String field : ticket.values().keySet()) {
      String here = ticket.get(field);
      String there = incident.get(field);
      if (!agree(field, here, there, incident)) {
        differences.put(field, "ServiceNow «%s», PagerDuty «%s»".formatted(here, there));
      }
    }
    return differences;
  }

  private boolean agree(String field, String ticket, String incident, FieldState platform) {
    // PagerDuty takes everybody off a resolved incident and assigns it to nobody.
    boolean resolved = platform.get(FieldState.STATUS).equals("resolved");
    return switch (field) {
      case FieldState.TITLE -> title(ticket, incident);
      // A reassignment or an acknowledgement that timed out takes no ticket off hold.
      case FieldState.STATUS ->
          incident.equals(STATUS.get(ticket))
              || ticket.equals(ON_HOLD) && incident.equals("triggered");
      case FieldState.PRIORITY -> priority(ticket, incident);
      case FieldState.SERVICE ->
          ticket.isEmpty()
              ? incident.equals(DEFAULT_SERVICE)
              : ticket.equals(incident) || !names.known(field, ticket, incident);
      case FieldState.GROUP ->
          resolved
              || ticket.isEmpty()
              || policy(ticket).equals(incident)
              || !names.known(field, policy(ticket), group(incident));
      case FieldState.ASSIGNEE ->
          resolved
              || ticket.isEmpty()
              || ticket.equalsIgnoreCase(incident)
              || !names.known(field, ticket, incident);
      default -> throw new IllegalArgumentException(field);
    };
  }

  private static boolean title(String ticket, String incident) {
    if (ticket.equals(incident)) {
      return true;
    }
    String kept = ticket.endsWith("…") ? ticket.substring(0, ticket.length() - 1) : ticket;
    return incident.length() > LONGEST_TITLE
        && kept.length() >= LONGEST_TITLE - 2
        && incident.startsWith(kept);
  }

  /** An incident without a priority is high or low: ServiceNow's 1 and 2, or the rest. */
  private static boolean priority(String ticket, String incident) {
    return switch (incident) {
      case "high" -> ticket.equals("1") || ticket.equals("2");
      case "low" -> ticket.matches("[345]");
      default -> incident.equals("P" + ticket);
    };
  }

  private static String policy(String group) {
    return group.equals(SERVICE_DESK) ? DEFAULT_POLICY : group;
  }

  private static String group(String policy) {
    return policy.equals(DEFAULT_POLICY) ? SERVICE_DESK : policy;
  }
}
