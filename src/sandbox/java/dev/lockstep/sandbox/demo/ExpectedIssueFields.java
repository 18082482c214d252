package dev.lockstep.sandbox.demo;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What an issue must say when the ticket says this; written by hand from the shipped mapping's
 * intention, as {@link ExpectedFields}. Pure.
 */
final class ExpectedIssueFields {
  private static final Map<String, String> STATUS =
      Map.of(
          "1", "Open",
          "2", "In Progress",
          "3", "Pending",
          "6", "Resolved",
          "7", "Closed");

  private static final Map<String, String> PRIORITY =
      Map.of(
          "1", "Highest",
          "2", "High",
          "3", "Medium",
          "4", "Low",
          "5", "Lowest");

  private final Predicate<String> hasAccount;

  /**
   * @param hasAccount whether somebody with this e-mail address can be given issues
   */
  ExpectedIssueFields(Predicate<String> hasAccount) {
    this.hasAccount = hasAccount;
  }

  /** Field to what each side says; empty when the two agree. Jira knows no service and no group. */
  SortedMap<String, String> differences(FieldState ticket, FieldState issue) {
    SortedMap<String, String> differences = new TreeMap<>();
    for (String field : issue.values().keySet()) {
      String here = ticket.get(field);
      String there = issue.get(field);
      if (!agree(field, here, there)) {
        differences.put(field, "ServiceNow «%s», Jira «%s»".formatted(here, there));
      }
    }
    return differences;
  }

  private boolean agree(String field, String ticket, String issue) {
    return switch (field) {
      case FieldState.TITLE -> ticket.equals(issue);
      case FieldState.STATUS -> issue.equals(STATUS.get(ticket));
      case FieldState.PRIORITY -> issue.equals(PRIORITY.get(ticket));
      case FieldState.ASSIGNEE ->
          ticket.isEmpty() || ticket.equalsIgnoreCase(issue) || !hasAccount.test(ticket);
      default -> throw new IllegalArgumentException(field);
    };
  }
}
