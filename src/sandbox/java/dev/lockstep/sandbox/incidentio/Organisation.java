package dev.lockstep.sandbox.incidentio;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/** What an organisation has configured, and its users. Thread-safe. */
public final class Organisation {

  /**
   * @param category such as {@code live}, which the product calls Active
   */
  public record LifecycleStatus(String id, String name, String category, int rank) {}

  /**
   * @param rank lower is less severe
   */
  public record Severity(String id, String name, int rank) {}

  /**
   * @param type lead, reporter or custom
   */
  public record IncidentRole(String id, String name, String type) {}

  /**
   * @param type text, link, numeric, single_select or multi_select
   * @param catalogType whose entries it offers; empty for options of its own
   */
  public record CustomField(String id, String name, String type, String catalogType) {}

  /** A value of a select field. */
  public record FieldOption(String id, String field, String value) {}

  /** A thing in the catalog. */
  public record CatalogEntry(String id, String type, String name) {}

  /** A user. */
  public record Member(String id, String name, String email, String slackId) {}

  private final Clock clock;
  private final Ulids ids;
  private final Instant founded;
  private final List<LifecycleStatus> statuses = new CopyOnWriteArrayList<>();
  private final List<Severity> severities = new CopyOnWriteArrayList<>();
  private final List<IncidentRole> roles = new CopyOnWriteArrayList<>();
  private final List<CustomField> fields = new CopyOnWriteArrayList<>();
  private final List<FieldOption> options = new CopyOnWriteArrayList<>();
  private final List<CatalogEntry> entries = new CopyOnWriteArrayList<>();
  private final List<Member> members = new CopyOnWriteArrayList<>();

  /** Has the statuses, severities and roles with which an organisation begins, and no users. */
  Organisation(Clock clock, Ulids ids) {
    this.clock = clock;
    this.ids = ids;
    this.founded = clock.instant().truncatedTo(ChronoUnit.MICROS);
    status("Triage", "triage");
    status("Declined", "declined");
    status("Merged", "merged");
    status("Canceled", "canceled");
    List.of("Investigating", "Fixing", "Monitoring").forEach(name -> status(name, "live"));
    status("Paused", "paused");
    List.of("Documenting", "Reviewing").forEach(name -> status(name, "learning"));
    status("Closed", "closed");
    List.of("Minor", "Major", "Critical").forEach(this::severity);
    role("Incident Lead", "lead");
    role("Reporter", "reporter");
  }

  /** When what was configured was made. */
  Instant founded() {
    return founded;
  }

  private String id() {
    return ids.next(clock.instant());
  }

  private static <T> T added(List<T> list, T one) {
    list.add(one);
    return one;
  }

  public LifecycleStatus status(String name, String category) {
    return added(statuses, new LifecycleStatus(id(), name, category, statuses.size() + 1));
  }

  /** Adds one that is more severe than those that are there. */
  public Severity severity(String name) {
    return added(severities, new Severity(id(), name, severities.size() + 1));
  }

  public IncidentRole role(String name, String type) {
    return added(roles, new IncidentRole(id(), name, type));
  }

  /** Adds a field without options. */
  public CustomField field(String name, String type) {
    return added(fields, new CustomField(id(), name, type, ""));
  }

  /** Adds a field that offers the entries of a type of the catalog. */
  public CustomField catalogField(String name, String catalogType) {
    return added(fields, new CustomField(id(), name, "single_select", catalogType));
  }

  public FieldOption option(CustomField field, String value) {
    return added(options, new FieldOption(id(), field.id(), value));
  }

  public CatalogEntry entry(String catalogType, String name) {
    return added(entries, new CatalogEntry(id(), catalogType, name));
  }

  public Member member(String name, String email) {
    return added(members, new Member(id(), name, email, "U" + (members.size() + 1)));
  }

  /** An id for a type of the catalog. */
  public String catalogType() {
    return id();
  }

  public List<LifecycleStatus> statuses() {
    return List.copyOf(statuses);
  }

  public List<Severity> severities() {
    return List.copyOf(severities);
  }

  public List<IncidentRole> roles() {
    return List.copyOf(roles);
  }

  public List<CustomField> fields() {
    return List.copyOf(fields);
  }

  public List<FieldOption> options() {
    return List.copyOf(options);
  }

  public List<CatalogEntry> entries() {
    return List.copyOf(entries);
  }

  public List<Member> members() {
    return List.copyOf(members);
  }

  public LifecycleStatus statusNamed(String name) {
    return named(statuses, LifecycleStatus::name, name);
  }

  public Severity severityNamed(String name) {
    return named(severities, Severity::name, name);
  }

  public IncidentRole roleOfType(String type) {
    return named(roles, IncidentRole::type, type);
  }

  public Member memberOf(String email) {
    return named(members, Member::email, email);
  }

  /** The first, or nothing, that fits. */
  static <T> Optional<T> first(List<T> list, Predicate<T> fits) {
    return new ArrayList<>(list).stream().filter(fits).findFirst();
  }

  private static <T> T named(List<T> list, Function<T, String> name, String wanted) {
    return first(list, one -> name.apply(one).equals(wanted))
        .orElseThrow(() -> IncidentIoException.invalid("", wanted + " does not exist"));
  }
}
