package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import org.jspecify.annotations.Nullable;

/**
 * How a system tells who is on call: one kind of what it is asked for, such as a schedule.
 *
 * @param answer path of the list of those who are on call
 * @param person path of a person's key, such as an e-mail address, in one of them
 * @param level path of the number that says who is called first, the lowest; empty: all at once
 * @param page paging of the list; null: there is a single page
 * @param needs the permission that a look-up requires
 */
public record OnCallDefinition(
    String answer,
    String person,
    String level,
    ListingDefinition.@Nullable Page page,
    String needs) {
  public OnCallDefinition {
    answer = orEmpty(answer);
    level = orEmpty(level);
    needs = orEmpty(needs);
  }
}
