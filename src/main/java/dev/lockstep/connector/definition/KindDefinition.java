package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.connector.text.TextFormat;
import dev.lockstep.json.JsonPath;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One record kind.
 *
 * @param emptyIfMissing fields that the system leaves out of a record when they are empty
 * @param formats text format by path, for texts that are not plain
 * @param writes fields that are written by a call of their own, in the order of these calls
 * @param names what its system allows as a record's name, where names are unique; null: anything
 * @param correlationDigest whether the counterpart's id is stored as a digest, since readers of the
 *     records must not learn it
 * @param types what a value at a path is sent as, if it is no text
 * @param neutralize words that have an effect where a text is displayed, such as mentions; they are
 *     written without that effect
 * @param times paths of times, which mappings know as ISO 8601 in UTC
 * @param appendOnly whether a record is created once and then neither changed nor fetched, as an
 *     event is; the answer to a create does not contain it
 * @param memberOf by another kind of its system, the field with the id of the record of that kind
 *     that it belongs to
 */
public record KindDefinition(
    String id,
    String key,
    String url,
    VersionSource version,
    String updatedAt,
    String openedAt,
    String changedBy,
    String mergedInto,
    String correlation,
    String correlationPrefix,
    AnswerPaths answer,
    SendDefinition send,
    @Nullable Link link,
    @Nullable DuplicateDefinition duplicate,
    NoteDefinition.@Nullable Notes notes,
    List<ListingDefinition.Feed> changes,
    String calls,
    String fieldsUnder,
    List<String> emptyIfMissing,
    Map<String, TextFormat> formats,
    List<String> neutralize,
    Find find,
    @Nullable TransitionDefinition moves,
    Map<String, String> onRequest,
    @Nullable Pattern idPattern,
    boolean ownsCorrelation,
    boolean correlationDigest,
    Map<String, ValueType> types,
    List<FieldCall> writes,
    @Nullable Names names,
    List<String> times,
    boolean appendOnly,
    Map<String, String> memberOf) {

  /** A single path segment without characters that a server could interpret or truncate. */
  private static final Pattern ANY_ID = Pattern.compile("(?!\\.+$)[^/\\\\?#%;\\p{Cntrl}]{1,200}");

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /** Whether its calls return only the fields they request. */
  public boolean showsFieldsOnRequest() {
    return onRequest.containsKey(RequestedFields.EVERY_FIELD);
  }

  /**
   * Whether the text is a possible id of such a record; any other text is never put into a request.
   */
  public boolean isId(String text) {
    return (idPattern == null ? ANY_ID : idPattern).matcher(text).matches();
  }

  /** The counterpart's id in a record; empty if it shows none. */
  public String correlationIn(JsonNode record) {
    JsonNode found =
        correlation.isEmpty() ? MissingNode.getInstance() : JsonPath.find(record, correlation);
    if (found.isValueNode() && correlationPrefix.isEmpty()) {
      return found.asText("");
    }
    return words(found)
        .filter(word -> word.startsWith(correlationPrefix))
        .findFirst()
        .map(word -> word.substring(correlationPrefix.length()))
        .orElse("");
  }

  private static Stream<String> words(JsonNode found) {
    return found.isArray()
        ? StreamSupport.stream(found.spliterator(), false).map(JsonNode::asText)
        : BLANKS.splitAsStream(found.asText(""));
  }

  public KindDefinition {
    onRequest = orEmpty(onRequest);
    correlationPrefix = orEmpty(correlationPrefix);
    calls = orEmpty(calls);
    fieldsUnder = orEmpty(fieldsUnder);
    emptyIfMissing = orEmpty(emptyIfMissing);
    formats = orEmpty(formats);
    neutralize = orEmpty(neutralize);
    types = orEmpty(types);
    url = orEmpty(url);
    openedAt = orEmpty(openedAt);
    changedBy = orEmpty(changedBy);
    mergedInto = orEmpty(mergedInto);
    correlation = orEmpty(correlation);
    answer = answer == null ? AnswerPaths.ROOT : answer;
    send = send == null ? SendDefinition.AS_IS : send;
    changes = orEmpty(changes);
    writes = orEmpty(writes);
    times = orEmpty(times);
    memberOf = orEmpty(memberOf);
    find = find == null ? Find.BY_CORRELATION : find;
  }

  /** The fields needed to read a record, besides the mapped ones. */
  public Set<String> ownFields() {
    Set<String> fields = new TreeSet<>();
    fields.add(id);
    fields.addAll(Placeholders.names(key));
    fields.addAll(Placeholders.names(url));
    fields.add(updatedAt);
    for (String path : Arrays.asList(version.count(), version.time())) {
      if (path != null) {
        fields.add(path);
      }
    }
    if (!correlation.isEmpty()) {
      fields.add(correlation);
    }
    if (!openedAt.isEmpty()) {
      fields.add(openedAt);
    }
    if (!changedBy.isEmpty()) {
      fields.add(changedBy);
    }
    if (!mergedInto.isEmpty()) {
      fields.add(mergedInto);
    }
    fields.addAll(memberOf.values());
    if (moves != null) {
      fields.add(moves.field());
    }
    if (duplicate != null) {
      fields.add(duplicate.primaryPath());
    }
    if (names != null) {
      fields.add(names.field());
      fields.add(names.creator());
    }
    return fields;
  }

  /** The field at the beginning of a path, as the system names it; empty if it begins elsewhere. */
  public Optional<String> fieldName(String path) {
    String under = fieldsUnder.isEmpty() ? "" : fieldsUnder + ".";
    return path.startsWith(under)
        ? Optional.of(path.substring(under.length()).replaceFirst("[.\\[].*", ""))
        : Optional.empty();
  }

  /** The fields that each create contains besides mapped ones: those of {@code send.create}. */
  public Set<String> fieldsOfEachCreate() {
    Set<String> fields = new TreeSet<>();
    JsonNode create = JsonNodeFactory.instance.objectNode().setAll(send.create());
    JsonPath.find(create, fieldsUnder).fieldNames().forEachRemaining(fields::add);
    return fields;
  }

  /** These fields in the form that the kind's calls take. */
  public String fieldList(Set<String> fields) {
    if (fieldsUnder.isEmpty()) {
      return String.join(",", fields);
    }
    return fields.stream()
        .flatMap(path -> fieldName(path).stream())
        .distinct()
        .collect(Collectors.joining(","));
  }

  /**
   * @param apart maximum difference between the clocks of the machines that write {@code time}
   */
  public record VersionSource(
      @Nullable String count,
      @Nullable String second,
      @Nullable String time,
      @Nullable Duration apart) {}

  /**
   * How a record is found by its correlation id.
   *
   * @param after how long a new record may be missing in the search
   * @param page paging of the records that the call lists where the system cannot search by
   *     correlation id: the one that shows it is found; null: it can
   * @param within how long ago those records were created at most; null: all are listed
   */
  public record Find(
      @Nullable Duration after, ListingDefinition.@Nullable Page page, @Nullable Duration within) {
    static final Find BY_CORRELATION = new Find(null, null, null);

    /** Whether the call may not return a record that exists, or not at once. */
    public boolean mayMiss() {
      return after != null || page != null;
    }
  }

  /** What a value is sent as, other than a text. */
  public enum ValueType {
    BOOLEAN,
    NUMBER;

    @JsonCreator
    static ValueType of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * A field that a call of its own writes, or that has an effect rather than a value.
   *
   * @param path of the field
   * @param is the value this call is for; null: any other
   * @param call has the arguments {@code id} and {@code value}; calling it again changes nothing
   * @param optional whether a refusal is a gap of that field and does not block the rest
   * @param shown whether the record shows the field; null: it does
   */
  public record FieldCall(
      String path, @Nullable String is, String call, boolean optional, @Nullable Boolean shown) {
    public boolean isShown() {
      return !Boolean.FALSE.equals(shown);
    }

    public boolean takes(String value) {
      return is == null || is.equals(value);
    }
  }

  /**
   * Unique names. A create with a name that is taken is refused; the record's correlation id is
   * written after the create.
   *
   * @param field path of the name
   * @param most characters
   * @param lowerCase whether names are in lower case
   * @param replace what is written as a hyphen; null: nothing is
   * @param creator path of the id of who created a record
   * @param claimedWithin how long after its creation a record may lack its correlation id
   */
  public record Names(
      String field,
      int most,
      boolean lowerCase,
      @Nullable Pattern replace,
      String creator,
      Duration claimedWithin) {}

  /**
   * @param text what is written at {@code correlation}, with {@code {correlation}} and {@code
   *     {key}}; empty: the correlation id alone
   */
  public record Link(String correlation, String key, String text) {
    public Link {
      key = orEmpty(key);
      text = orEmpty(text);
    }
  }
}
