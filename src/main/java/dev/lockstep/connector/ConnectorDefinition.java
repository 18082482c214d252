package dev.lockstep.connector;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.connector.text.TextFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One {@code connector.yaml} with its placeholders resolved. {@code connectors/README.md} documents
 * every key.
 */
record ConnectorDefinition(
    Path folder,
    String system,
    String title,
    Map<String, Setting> settings,
    List<Authorization> authorization,
    String timeFormat,
    QueryLanguage queryLanguage,
    Map<String, RequestTemplate> calls,
    Map<String, Kind> kinds,
    Map<String, Reference> references,
    List<ErrorClass> errors,
    RefusedFields refusedFields,
    CallLimits limits) {

  /** A single path segment without characters that a server could interpret or truncate. */
  private static final Pattern ANY_ID = Pattern.compile("(?!\\.+$)[^/\\\\?#%;\\p{Cntrl}]{1,200}");

  ConnectorDefinition {
    settings = orEmpty(settings);
    authorization = orEmpty(authorization);
    timeFormat = orEmpty(timeFormat);
    calls = orEmpty(calls);
    kinds = orEmpty(kinds);
    references = orEmpty(references);
    errors = orEmpty(errors);
    queryLanguage = queryLanguage == null ? QueryLanguage.NONE : queryLanguage;
    refusedFields = refusedFields == null ? RefusedFields.UNNAMED : refusedFields;
  }

  ConnectorDefinition withFolder(Path place) {
    return new ConnectorDefinition(
        place,
        place.getFileName().toString(),
        title,
        settings,
        authorization,
        timeFormat,
        queryLanguage,
        calls,
        kinds,
        references,
        errors,
        refusedFields,
        limits);
  }

  RequestTemplate call(String name) {
    RequestTemplate call = calls.get(name);
    if (call == null) {
      throw new IllegalArgumentException(
          "No call " + name + " in connectors/" + system + "/connector.yaml");
    }
    return call;
  }

  Kind kind(String name) {
    Kind kind = kinds.get(name);
    if (kind == null) {
      throw new IllegalArgumentException(
          "No record kind " + name + " in connectors/" + system + "/connector.yaml");
    }
    return kind;
  }

  /** The kind that this kind's calls are named after: itself unless {@code calls} names another. */
  String callKind(String kind) {
    String calls = kind(kind).calls();
    return calls.isEmpty() ? kind : calls;
  }

  /** The record inside its kind's wrapper; the body itself when it is not wrapped. */
  @Nullable JsonNode unwrap(@Nullable JsonNode sent) {
    if (sent == null || sent.size() != 1) {
      return sent;
    }
    return kinds.values().stream()
        .map(kind -> kind.send().wrapper())
        .filter(wrapper -> !wrapper.isEmpty() && sent.has(wrapper))
        .findFirst()
        .map(sent::get)
        .orElse(sent);
  }

  /** Whether the call looks up a reference. */
  boolean isLookup(String call) {
    return references.keySet().stream()
        .anyMatch(name -> call.equals(CallNames.find(name)) || call.equals(CallNames.fetch(name)));
  }

  Reference reference(String name) {
    Reference reference = references.get(name);
    if (reference == null) {
      throw new IllegalArgumentException(
          "No reference " + name + " in connectors/" + system + "/connector.yaml");
    }
    return reference;
  }

  /** The Kamelet that makes every call. */
  String requestKamelet() {
    return kamelet("request");
  }

  /** The Kamelet that obtains an access token, for the scheme {@code client-credentials}. */
  String authorizeKamelet() {
    return kamelet("authorize");
  }

  /** The names of its Kamelets. */
  Set<String> kamelets() {
    return authorization.stream().anyMatch(way -> way.scheme() == Scheme.CLIENT_CREDENTIALS)
        ? Set.of(requestKamelet(), authorizeKamelet())
        : Set.of(requestKamelet());
  }

  private String kamelet(String name) {
    return system + "-" + name + "-action";
  }

  TimeFormat times() {
    return new TimeFormat(timeFormat);
  }

  enum SettingKind {
    TEXT,
    URL,
    /** A URL without a path. */
    ORIGIN,
    DURATION,
    EMAIL;

    @JsonCreator
    static SettingKind of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * @param env the environment variable it comes from; set by the loader
   * @param minLength minimum length, in characters, of each comma-separated part
   */
  record Setting(
      @Nullable String value,
      String env,
      @Nullable SettingKind kind,
      boolean secret,
      boolean optional,
      int minLength,
      String about,
      String example) {
    Setting {
      env = orEmpty(env);
      example = orEmpty(example);
    }
  }

  enum Scheme {
    BASIC,
    CLIENT_CREDENTIALS,
    TOKEN;

    @JsonCreator
    static Scheme of(String text) {
      return valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT));
    }
  }

  record Authorization(Scheme scheme, List<String> needs, String prefix) {
    Authorization {
      needs = orEmpty(needs);
      prefix = orEmpty(prefix);
    }
  }

  /**
   * @param formats text format by path, for texts that are not plain
   * @param neutralize words that have an effect where a text is displayed, such as mentions; they
   *     are written without that effect
   */
  record Kind(
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
      Send send,
      @Nullable Link link,
      @Nullable Duplicate duplicate,
      NoteDefinition.@Nullable Notes notes,
      List<ListingDefinition.Feed> changes,
      String calls,
      String fieldsUnder,
      Map<String, TextFormat> formats,
      List<String> neutralize,
      @Nullable Find find,
      @Nullable Transitions moves,
      Map<String, String> onRequest,
      String idPattern,
      boolean ownsCorrelation) {

    /** Whether its calls return only the fields they request. */
    boolean showsFieldsOnRequest() {
      return onRequest.containsKey(RequestedFields.EVERY_FIELD);
    }

    /**
     * Whether the text is a possible id of such a record; any other text is never put into a
     * request.
     */
    boolean isId(String text) {
      return idPattern.isEmpty() ? ANY_ID.matcher(text).matches() : text.matches(idPattern);
    }

    Kind {
      idPattern = orEmpty(idPattern);
      onRequest = orEmpty(onRequest);
      correlationPrefix = orEmpty(correlationPrefix);
      calls = orEmpty(calls);
      fieldsUnder = orEmpty(fieldsUnder);
      formats = orEmpty(formats);
      neutralize = orEmpty(neutralize);
      url = orEmpty(url);
      openedAt = orEmpty(openedAt);
      changedBy = orEmpty(changedBy);
      mergedInto = orEmpty(mergedInto);
      correlation = orEmpty(correlation);
      answer = answer == null ? AnswerPaths.ROOT : answer;
      send = send == null ? Send.AS_IS : send;
      changes = orEmpty(changes);
    }
  }

  /**
   * @param apart maximum difference between the clocks of the machines that write {@code time}
   */
  record VersionSource(
      @Nullable String count,
      @Nullable String second,
      @Nullable String time,
      @Nullable Duration apart) {}

  /**
   * How a record is found by its correlation id.
   *
   * @param after how long a new record may be missing in the search
   */
  record Find(@Nullable Duration after) {}

  /**
   * A field that is changed by a transition instead of being written.
   *
   * @param field the field whose value is the record's state
   * @param list the call that lists the available transitions
   * @param by the call that performs one, with {@code body}
   * @param to path, in a transition, of the value it leads to
   * @param screen path, in a transition, of the fields it accepts, by name
   * @param onlyWith fields that can be written only with a transition
   */
  record Transitions(
      String field,
      String list,
      String by,
      JsonNode body,
      String answer,
      String id,
      String name,
      String to,
      String screen,
      List<String> onlyWith) {
    Transitions {
      answer = orEmpty(answer);
      screen = orEmpty(screen);
      onlyWith = orEmpty(onlyWith);
    }
  }

  /**
   * Paths of one record and of a list of records in an answer. Empty: the answer itself.
   *
   * @param created path of the new record's id, for a create that returns nothing else
   */
  record AnswerPaths(String one, String many, String created) {
    static final AnswerPaths ROOT = new AnswerPaths("", "", "");

    AnswerPaths {
      created = orEmpty(created);
      one = orEmpty(one);
      many = orEmpty(many);
    }
  }

  record Send(
      String wrapper,
      Map<String, JsonNode> create,
      Map<String, JsonNode> update,
      String correlation,
      String key) {
    static final Send AS_IS = new Send("", Map.of(), Map.of(), "", "");

    Send {
      wrapper = orEmpty(wrapper);
      create = orEmpty(create);
      update = orEmpty(update);
      correlation = orEmpty(correlation);
      key = orEmpty(key);
    }
  }

  record Link(String correlation, String key) {
    Link {
      key = orEmpty(key);
    }
  }

  /** How a duplicate is linked to its primary. */
  enum Joining {
    /** By the field {@code primary}; restored by writing the former value. */
    UPDATE,
    /** By a link to the primary; undone by deleting it. */
    LINK,
    /** By a merge call; permanent. */
    MERGE;

    @JsonCreator
    static Joining of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * @param primary path of the primary's id in a record, or in one of its links
   * @param body of the merge or link call, with the placeholders {@code {duplicate}} and, for a
   *     link, {@code {primary}}
   * @param links path of a record's links; empty unless duplicates are linked
   * @param id path of a link's own id
   * @param only by path, the value a link must have to count as a duplicate link
   */
  record Duplicate(
      String primary,
      Joining by,
      JsonNode body,
      String links,
      String id,
      Map<String, String> only) {
    Duplicate {
      body = body == null ? MissingNode.getInstance() : body;
      links = orEmpty(links);
      id = orEmpty(id);
      only = orEmpty(only);
    }

    /** Path, in a record, of what identifies its primary. */
    String primaryPath() {
      return by == Joining.LINK ? links : primary;
    }
  }

  /**
   * @param page paging of searches and listings of such objects; null: there is a single page
   * @param needs the permission that a look-up requires
   */
  record Reference(
      String id,
      String key,
      AnswerPaths answer,
      @Nullable JsonNode form,
      Beside beside,
      ListingDefinition.@Nullable Page page,
      String needs) {
    Reference {
      needs = orEmpty(needs);
      answer = answer == null ? AnswerPaths.ROOT : answer;
      form = form == null ? MissingNode.getInstance() : form;
      beside = beside == null ? Beside.NOWHERE : beside;
    }
  }

  record Beside(String id, String key) {
    static final Beside NOWHERE = new Beside("", "");

    Beside {
      id = id == null || id.isEmpty() ? "{field}" : id;
      key = orEmpty(key);
    }
  }

  enum Meaning {
    WAIT,
    LOCKED_OUT,
    REJECTED,
    GONE,
    EXISTS,
    UNAVAILABLE;

    @JsonCreator
    static Meaning of(String text) {
      return valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT));
    }
  }

  record ErrorClass(
      String status,
      String call,
      String body,
      Meaning means,
      List<String> delay,
      @Nullable Duration otherwise,
      String advice) {
    ErrorClass {
      call = orEmpty(call);
      body = orEmpty(body);
      delay = orEmpty(delay);
      advice = orEmpty(advice);
    }
  }

  // Jackson passes null for keys that a file omits.
  static String orEmpty(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  static <V> Map<String, V> orEmpty(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : Map.copyOf(map);
  }
}
