package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code checks}: what the system is asked before Lockstep goes live. Without a call,
 * a reference, a budget and the last webhook it states what cannot be proven without writing.
 *
 * @param check what is checked, in a few words
 * @param kind the check applies only if a mapping uses this record kind; empty: always
 * @param from where the argument {@code id} of {@code call} comes from; null: it has no arguments
 * @param call one of {@code calls}
 * @param reference a reference in which {@code key} must be found
 * @param key empty: all that mappings list for the reference
 * @param among path of a list in the answer; empty: the answer itself, which may be a list
 * @param where which elements of the list are meant; all must hold
 * @param shows what each of them must show
 * @param accepts if the list holds the fields that the system accepts: which of them are compared
 *     with what mappings write; null if not
 * @param testWebhook what makes the system send a test webhook for an element; null if nothing does
 * @param moves whether to compare, instead, what the transitions of some records require with what
 *     mappings write with them
 * @param lastWebhook whether to report, instead of asking the system, what the running service
 *     received last
 * @param repair what switches an element on again, asked regularly; null if nothing does
 * @param otherwise severity if the answer does not show it
 * @param advice what an operator must do then
 */
public record CheckDefinition(
    String check,
    String kind,
    @Nullable From from,
    String call,
    String reference,
    String key,
    String among,
    List<Condition> where,
    List<Condition> shows,
    @Nullable Accepts accepts,
    @Nullable TestWebhook testWebhook,
    boolean moves,
    boolean lastWebhook,
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
    FIELDS
  }

  /**
   * Names that a value must have.
   *
   * @param known those of this set; null: {@code listed}
   */
  public record Wanted(@Nullable Names known, Set<String> listed) {
    /** Either the name of a set, or a list. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Wanted of(JsonNode declared) {
      if (declared.isTextual()) {
        String name = declared.asText().replace('-', '_').toUpperCase(Locale.ROOT);
        return new Wanted(Names.valueOf(name), Set.of());
      }
      Set<String> listed = new TreeSet<>();
      declared.forEach(name -> listed.add(name.asText()));
      return new Wanted(null, listed);
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
      @Nullable Wanted contains,
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
   * The source of an id.
   *
   * @param call one of {@code calls}, without arguments; empty: the ids are those of some records
   *     of the check's kind
   * @param among path of a list in its answer; empty: the answer itself
   * @param where which element of the list is meant; all must hold
   * @param id path of the element's id
   */
  public record From(boolean records, String call, String among, List<Condition> where, String id) {
    public From {
      call = orEmpty(call);
      among = orEmpty(among);
      where = orEmpty(where);
      id = orEmpty(id);
    }
  }

  /**
   * How the answer shows the fields that the system accepts: a list of them, or an object whose
   * keys they are.
   *
   * @param on the write that accepts them
   * @param name path of a field's name in a mapping's path; empty: its key
   * @param title path of the name that people see
   * @param required what a field shows without which the system refuses the write; empty: none is
   * @param total path of how many fields there are, if an answer may leave some out
   */
  public record Accepts(
      Occasion on, String name, String title, List<Condition> required, String total) {
    public Accepts {
      name = orEmpty(name);
      title = orEmpty(title);
      required = orEmpty(required);
      total = orEmpty(total);
    }
  }

  /** When a field is written. */
  public enum Occasion {
    CREATE,
    UPDATE;

    @JsonCreator
    static Occasion of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * @param call one of {@code calls}, with the argument {@code id}; the webhook is of a type that
   *     {@code webhook.yaml} marks as {@code test}
   * @param id path of the element's id, which the webhook may name as its sender
   */
  public record TestWebhook(String call, String id) {}

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
