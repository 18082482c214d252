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
 * One {@code connector.yaml}, its placeholders resolved: what is particular to one system, as data.
 * {@code connectors/README.md} explains every key.
 */
record ConnectorDefinition(
    Path folder,
    String system,
    String title,
    Map<String, Setting> settings,
    List<Authorization> authorization,
    String timeFormat,
    QueryLanguage queryLanguage,
    Map<String, Kind> kinds,
    Map<String, Reference> references,
    List<ErrorClass> errors,
    RefusedFields refusedFields,
    CallLimits limits,
    Set<String> kamelets) {

  /** One part of a path, and nothing that a server may resolve or cut. */
  private static final Pattern ANY_ID = Pattern.compile("(?!\\.+$)[^/\\\\?#%;\\p{Cntrl}]{1,200}");

  ConnectorDefinition {
    settings = orEmpty(settings);
    authorization = orEmpty(authorization);
    timeFormat = orEmpty(timeFormat);
    kinds = orEmpty(kinds);
    references = orEmpty(references);
    errors = orEmpty(errors);
    queryLanguage = queryLanguage == null ? QueryLanguage.NONE : queryLanguage;
    refusedFields = refusedFields == null ? RefusedFields.UNNAMED : refusedFields;
    kamelets = kamelets == null ? Set.of() : Set.copyOf(kamelets);
  }

  ConnectorDefinition withFolder(Path place, Set<String> present) {
    return new ConnectorDefinition(
        place,
        place.getFileName().toString(),
        title,
        settings,
        authorization,
        timeFormat,
        queryLanguage,
        kinds,
        references,
        errors,
        refusedFields,
        limits,
        present);
  }

  Kind kind(String name) {
    Kind kind = kinds.get(name);
    if (kind == null) {
      throw new IllegalArgumentException(
          "No record kind " + name + " in connectors/" + system + "/connector.yaml");
    }
    return kind;
  }

  /** What the calls of a kind are named after: itself, or another kind. */
  String callKind(String kind) {
    String calls = kind(kind).calls();
    return calls.isEmpty() ? kind : calls;
  }

  /** A record as it was before it was put into its kind's wrapper. */
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

  /** Whether the call looks up what records refer to. */
  boolean isLookup(String call) {
    return references.keySet().stream()
        .anyMatch(
            name -> call.equals(KameletNames.find(name)) || call.equals(KameletNames.fetch(name)));
  }

  Reference reference(String name) {
    Reference reference = references.get(name);
    if (reference == null) {
      throw new IllegalArgumentException(
          "No reference " + name + " in connectors/" + system + "/connector.yaml");
    }
    return reference;
  }

  /** The one naming rule of Kamelets. */
  String kamelet(String call) {
    return system + "-" + call + "-action";
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
   * @param env the environment variable it comes from; put in by the loader
   * @param minLength how many characters each of its comma-separated parts must have
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
   * @param formats by path, of the texts that are not plain there
   * @param neutralize words that do something where a text is shown, and are written without effect
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

    /** Whether its calls answer with no other fields than those they request. */
    boolean showsFieldsOnRequest() {
      return onRequest.containsKey(RequestedFields.EVERY_FIELD);
    }

    /** Whether it can be the id of such a record; what cannot is never put into a request. */
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
   * @param apart how far the clocks of the machines that write {@code time} may be from each other
   */
  record VersionSource(
      @Nullable String count,
      @Nullable String second,
      @Nullable String time,
      @Nullable Duration apart) {}

  /**
   * How a record is found by its correlation id.
   *
   * @param body of the call
   * @param after how long after its creation a record may be missing there
   */
  record Find(@Nullable JsonNode body, @Nullable Duration after) {}

  /**
   * A field that is not written but reached by a move.
   *
   * @param field whose value is where the record is
   * @param list the call that tells the moves there are now
   * @param by the call that makes one, with {@code body}
   * @param to where a move tells the value it leads to
   * @param screen where a move tells the fields that go along with it, by name
   * @param onlyWith fields that nothing but a move takes
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
   * Where in an answer one record stands, and where several. Empty: it is the answer itself.
   *
   * @param created where a create answers with nothing but the new record's id
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

  /** How a duplicate comes under its primary there. */
  enum Joining {
    /** The field {@code primary} is written, and written again to take it back. */
    UPDATE,
    /** A link to the primary is made, and taken away again. */
    LINK,
    /** A call of its own, for good. */
    MERGE;

    @JsonCreator
    static Joining of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * @param primary where a record, or one of its links, names the primary
   * @param body of the merge or the link, with {@code {duplicate}} and, of a link, {@code
   *     {primary}} in it
   * @param links where a record lists its links; empty unless it is joined by one
   * @param id where a link has its own id
   * @param only by path, what a link must have there to count
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

    /** The place in a record that tells its primary. */
    String primaryPath() {
      return by == Joining.LINK ? links : primary;
    }
  }

  /**
   * @param page how a search and a listing of such things are paged; null: they have one page
   * @param needs the permission that looking one up takes
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

  // Jackson hands null for what a file leaves out.
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
