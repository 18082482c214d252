package dev.lockstep.connector.definition;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.ops.ConnectorFolders.SystemFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One {@code connector.yaml} with its placeholders resolved. {@code connectors/README.md} documents
 * every key.
 */
public record ConnectorDefinition(
    Path folder,
    String system,
    String title,
    Map<String, Setting> settings,
    List<Authorization> authorization,
    TimeFormat timeFormat,
    QueryLanguage queryLanguage,
    Map<String, RequestTemplate> calls,
    Map<String, KindDefinition> kinds,
    Map<String, ReferenceDefinition> references,
    Map<String, OnCallDefinition> onCall,
    List<ErrorClass> errors,
    RefusedFields refusedFields,
    CallLimits limits,
    List<CheckDefinition> checks,
    @Nullable Self self,
    List<SecretField> secrets) {

  public ConnectorDefinition {
    settings = orEmpty(settings);
    authorization = orEmpty(authorization);
    timeFormat = timeFormat == null ? TimeFormat.ISO : timeFormat;
    calls = orEmpty(calls);
    kinds = orEmpty(kinds);
    references = orEmpty(references);
    onCall = orEmpty(onCall);
    errors = orEmpty(errors);
    checks = orEmpty(checks);
    secrets = orEmpty(secrets);
    queryLanguage = queryLanguage == null ? QueryLanguage.NONE : queryLanguage;
    refusedFields = refusedFields == null ? RefusedFields.UNNAMED : refusedFields;
  }

  ConnectorDefinition of(SystemFolder place) {
    return new ConnectorDefinition(
        place.folder(),
        place.system(),
        place.isInstance() ? "%s (%s)".formatted(title, place.system()) : title,
        settings,
        authorization,
        timeFormat,
        queryLanguage,
        calls,
        kinds,
        references,
        onCall,
        errors,
        refusedFields,
        limits,
        checks,
        self,
        secrets);
  }

  public RequestTemplate call(String name) {
    RequestTemplate call = calls.get(name);
    if (call == null) {
      throw new IllegalArgumentException("No call " + name + " in " + file());
    }
    return call;
  }

  public KindDefinition kind(String name) {
    KindDefinition kind = kinds.get(name);
    if (kind == null) {
      throw new IllegalArgumentException("No record kind " + name + " in " + file());
    }
    return kind;
  }

  /** The kind that this kind's calls are named after: itself unless {@code calls} names another. */
  public String callKind(String kind) {
    String calls = kind(kind).calls();
    return calls.isEmpty() ? kind : calls;
  }

  /**
   * Paths of the fields of a record that an answer names as refused, as mappings know them.
   *
   * @param body of the request; null: none
   */
  public Set<String> refusedFields(JsonNode answer, @Nullable JsonNode body) {
    if (body == null) {
      return Set.of();
    }
    JsonNode record =
        kinds.values().stream()
            .map(kind -> kind.send().find(body))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(body);
    Set<String> fields = new TreeSet<>();
    for (String sent : refusedFields.find(answer, record)) {
      kinds.values().forEach(kind -> fields.addAll(kind.send().rename().formerNames(sent)));
    }
    return fields;
  }

  /** Whether the call looks up a reference, or who is on call. */
  public boolean isLookup(String call) {
    return references.keySet().stream()
            .anyMatch(
                name -> call.equals(CallNames.find(name)) || call.equals(CallNames.fetch(name)))
        || onCall.keySet().stream().anyMatch(kind -> call.equals(CallNames.findOnCall(kind)));
  }

  /** How the system tells who is on call for something of a kind. */
  public OnCallDefinition onCall(String kind) {
    OnCallDefinition found = onCall.get(kind);
    if (found == null) {
      throw new IllegalArgumentException("No on-call " + kind + " in " + file());
    }
    return found;
  }

  public ReferenceDefinition reference(String name) {
    ReferenceDefinition reference = references.get(name);
    if (reference == null) {
      throw new IllegalArgumentException("No reference " + name + " in " + file());
    }
    return reference;
  }

  /** The Kamelet that makes every call. */
  public KameletCall requestKamelet() {
    return kamelet("request");
  }

  /** The Kamelet that obtains an access token, for the scheme {@code client-credentials}. */
  public KameletCall authorizeKamelet() {
    return kamelet("authorize");
  }

  /** Its Kamelets. */
  public List<KameletCall> kamelets() {
    return authorization.stream().anyMatch(way -> way.scheme() == Scheme.CLIENT_CREDENTIALS)
        ? List.of(requestKamelet(), authorizeKamelet())
        : List.of(requestKamelet());
  }

  private KameletCall kamelet(String name) {
    return new KameletCall(connector() + "-" + name + "-action", system);
  }

  /** The name of the folder, which is not the system's if that is an instance. */
  public String connector() {
    return String.valueOf(folder.getFileName());
  }

  /** Where all of this is written, for messages. */
  public String file() {
    return "connectors/" + connector() + "/connector.yaml";
  }

  public TimeFormat times() {
    return timeFormat;
  }

  public enum SettingKind {
    TEXT,
    URL,
    /** A URL without a path. */
    ORIGIN,
    DURATION,
    EMAIL,
    /** Names with a value each: {@code Portal = abc, Payments = def}. */
    TABLE;

    @JsonCreator
    static SettingKind of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * @param env the environment variable it comes from; set by the loader
   * @param identifies whether two systems with the same value are one
   * @param minLength minimum length, in characters, of each comma-separated part
   */
  public record Setting(
      @Nullable String value,
      String env,
      @Nullable SettingKind kind,
      boolean secret,
      boolean optional,
      boolean identifies,
      int minLength,
      String about,
      String example) {
    public Setting {
      env = orEmpty(env);
      example = orEmpty(example);
    }
  }

  public enum Scheme {
    BASIC,
    CLIENT_CREDENTIALS,
    TOKEN;

    @JsonCreator
    static Scheme of(String text) {
      return valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT));
    }
  }

  public record Authorization(Scheme scheme, List<String> needs, String prefix) {
    public Authorization {
      needs = orEmpty(needs);
      prefix = orEmpty(prefix);
    }
  }

  /**
   * Who Lockstep is in this system.
   *
   * @param call returns it, without arguments
   * @param id path of its id
   */
  public record Self(String call, String id) {}

  /**
   * A secret in the body of a call, which no mapping, log or dead letter contains.
   *
   * @param path where it is sent
   * @param by path in the body of the name it has in the table
   * @param setting the table; of the kind {@link SettingKind#TABLE}
   */
  public record SecretField(String call, String path, String by, String setting) {}

  public enum Meaning {
    WAIT,
    LOCKED_OUT,
    REJECTED,
    GONE,
    EXISTS,
    /** What the call asks for is so already: a success. */
    DONE,
    UNAVAILABLE;

    @JsonCreator
    static Meaning of(String text) {
      return valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT));
    }
  }

  public record ErrorClass(
      String status,
      String call,
      @Nullable Pattern body,
      Meaning means,
      List<String> delay,
      @Nullable Duration otherwise,
      String advice) {
    public ErrorClass {
      call = orEmpty(call);
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
