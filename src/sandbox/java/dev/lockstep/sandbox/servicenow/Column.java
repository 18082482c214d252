package dev.lockstep.sandbox.servicenow;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table, as the dictionary has it.
 *
 * @param reference the table it points to, for {@link Type#REFERENCE}
 * @param choices value to label, for {@link Type#CHOICE}; a server does not enforce them
 * @param maxLength longer text is cut without a word, as the database does
 */
record Column(
    String name,
    Type type,
    @Nullable String reference,
    Map<String, String> choices,
    int maxLength) {

  enum Type {
    STRING,
    INTEGER,
    BOOLEAN,
    DATE_TIME,
    CHOICE,
    REFERENCE,
    JOURNAL
  }

  static Column text(String name, int maxLength) {
    return new Column(name, Type.STRING, null, Map.of(), maxLength);
  }

  static Column of(String name, Type type) {
    return new Column(name, type, null, Map.of(), 255);
  }

  static Column choice(String name, Map<String, String> choices) {
    return new Column(name, Type.CHOICE, null, choices, 255);
  }

  static Column to(String table, String name) {
    return new Column(name, Type.REFERENCE, table, Map.of(), 255);
  }

  /** Compared as a number in queries: integers, and choices whose values are numbers. */
  boolean numeric() {
    return type == Type.INTEGER || type == Type.CHOICE;
  }
}
