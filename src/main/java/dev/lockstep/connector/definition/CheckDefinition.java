package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code checks}: what the system is asked before Lockstep goes live. Without a call,
 * a reference and a budget it states what cannot be proven without writing.
 *
 * @param check what is checked, in a few words
 * @param kind the check applies only if a mapping uses this record kind; empty: always
 * @param call one of {@code calls}; it has no arguments
 * @param reference a reference in which {@code key} must be found
 * @param among path of a list in the answer; empty: the answer itself, which may be a list
 * @param where which elements of the list are meant; all must hold
 * @param shows what each of them must show
 * @param repair what switches an element on again, asked regularly; null if nothing does
 * @param otherwise severity if the answer does not show it
 * @param advice what an operator must do then
 */
public record CheckDefinition(
    String check,
    String kind,
    String call,
    String reference,
    String key,
    String among,
    List<Condition> where,
    List<Condition> shows,
    @Nullable Budget budget,
    @Nullable Repair repair,
    Severity otherwise,
    String advice) {

  public CheckDefinition {
    kind = orEmpty(kind);
    call = orEmpty(call);
    reference = orEmpty(reference);
    key = orEmpty(key);
    among = orEmpty(among);
    where = orEmpty(where);
    shows = orEmpty(shows);
    otherwise = otherwise == null ? Severity.FAIL : otherwise;
    advice = orEmpty(advice);
  }

  public enum Severity {
    WARNING,
    FAIL;

    @JsonCreator
    static Severity of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** A set of names that only the configuration knows. */
  public enum Names {
    /** The event types that {@code webhook.yaml} handles. */
    EVENT_TYPES,
    /** The fields of the check's kind that mappings read, and those that identify a record. */
    FIELDS;

    @JsonCreator
    static Names of(String text) {
      return valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT));
    }
  }

  /**
   * What a value must be: of {@code path} and {@code header} one is given, and of the next three.
   *
   * @param path of the value
   * @param header of the answer that is the value; empty: none
   * @param is its text
   * @param matches a pattern of its whole text; the text of a missing value is empty
   * @param contains names that a list must have as elements, or a text must mention
   * @param otherwise severity if it does not hold; null: the check's
   * @param advice what to do if it does not hold; empty: the check's
   */
  public record Condition(
      String path,
      String header,
      @Nullable String is,
      @Nullable Pattern matches,
      @Nullable Names contains,
      @Nullable Severity otherwise,
      String advice) {
    public Condition {
      path = orEmpty(path);
      header = orEmpty(header);
      advice = orEmpty(advice);
    }

    /** Whether a text is as {@code is} or {@code matches} says. */
    public boolean accepts(String text) {
      return matches == null ? text.equals(is) : matches.matcher(text).matches();
    }
  }

  /**
   * A write to the system's own configuration that undoes what the system did by itself.
   *
   * @param when what an element of the list shows then; all must hold
   * @param call one of {@code calls}, with the argument {@code id}
   * @param id path of the element's id
   */
  public record Repair(List<Condition> when, String call, String id) {
    public Repair {
      when = orEmpty(when);
    }
  }

  /** The headers in which the system states its limit of calls and how many are left. */
  public record Budget(String limit, String remaining) {}
}
