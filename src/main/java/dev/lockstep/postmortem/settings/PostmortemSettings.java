package dev.lockstep.postmortem.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How action items are planned, and what happens if an incident is closed without them: {@code
 * config/postmortems.yaml}, in which every key is optional.
 *
 * @param people handle to e-mail address, for people written differently from how the change system
 *     knows them
 * @param services name of a service to the default owner of its action items
 * @param dueDays priority to the days within which an item without a date is due
 * @param types which changes are emergency or standard ones; the first match applies
 * @param reopened what happens to an item whose change request failed
 */
public record PostmortemSettings(
    Map<String, String> people,
    Map<String, Service> services,
    Map<String, Integer> dueDays,
    List<TypeRule> types,
    Reopened reopened,
    Guard guard) {

  public PostmortemSettings {
    people = people == null ? Map.of() : Map.copyOf(people);
    services = services == null ? Map.of() : Map.copyOf(services);
    dueDays = dueDays == null ? Map.of() : Map.copyOf(dueDays);
    types = types == null ? List.of() : List.copyOf(types);
    reopened = reopened == null ? Reopened.DEFAULT : reopened;
    guard = guard == null ? Guard.DEFAULT : guard;
  }

  public static final PostmortemSettings DEFAULT =
      new PostmortemSettings(
          Map.of(), Map.of(), Map.of(), List.of(), Reopened.DEFAULT, Guard.DEFAULT);

  /**
   * @param owner owner of items that name none; empty for none
   * @param group the assignment group of its changes; empty for none
   */
  public record Service(String owner, String group) {
    public Service {
      owner = Objects.requireNonNullElse(owner, "");
      group = Objects.requireNonNullElse(group, "");
    }
  }

  /** Matches an item that has one of these priorities, or one of these labels. */
  public record TypeRule(Set<String> priorities, Set<String> labels, String type) {
    public TypeRule {
      priorities = priorities == null ? Set.of() : Set.copyOf(priorities);
      labels = labels == null ? Set.of() : Set.copyOf(labels);
    }

    boolean matches(@Nullable String priority, Set<String> itemLabels) {
      return priority != null && contains(priorities, priority)
          || itemLabels.stream().anyMatch(label -> contains(labels, label));
    }

    private static boolean contains(Set<String> words, String word) {
      return words.stream().anyMatch(word::equalsIgnoreCase);
    }
  }

  /** What happens to an item whose change request was closed unsuccessful or cancelled. */
  public enum Renewal {
    /** It is reported as open again. */
    REPORT,
    /** It gets another change request. */
    NEW_CHANGE;

    @JsonCreator
    static Renewal of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /**
   * @param mostChanges maximum number of change requests per item; each further failure is only
   *     reported
   */
  public record Reopened(Renewal mode, Integer mostChanges) {
    public static final Reopened DEFAULT = new Reopened(Renewal.REPORT, 3);

    public Reopened {
      mode = mode == null ? Renewal.REPORT : mode;
      mostChanges = mostChanges == null ? Integer.valueOf(3) : mostChanges;
    }

    /** Whether an item that has had this many change requests may get another one. */
    public boolean allows(int changes) {
      return mode == Renewal.NEW_CHANGE && changes < mostChanges;
    }
  }

  /** What happens to an incident that is closed without what it requires. */
  public enum Mode {
    /** Nothing. */
    OFF,
    /** A work note is written, and the closure is counted. */
    WARN,
    /** A work note is written, the closure is counted, and the incident is set back to resolved. */
    REOPEN;

    @JsonCreator
    static Mode of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * @param patience how long the creation of a change request may take before it counts as missing
   * @param needsPostmortem priorities, as on its ticket, of incidents that need a postmortem
   * @param within how long after its closure such an incident may be without one
   */
  public record Guard(Mode mode, Duration patience, Set<String> needsPostmortem, Duration within) {
    public static final Guard DEFAULT =
        new Guard(Mode.WARN, Duration.ofMinutes(2), Set.of(), Duration.ofDays(5));

    public Guard {
      mode = mode == null ? Mode.WARN : mode;
      patience = patience == null ? Duration.ofMinutes(2) : patience;
      needsPostmortem = needsPostmortem == null ? Set.of() : Set.copyOf(needsPostmortem);
      within = within == null ? Duration.ofDays(5) : within;
    }
  }

  public String ownerFor(String service) {
    Service known = services.get(service);
    return known == null ? "" : known.owner();
  }

  public String groupFor(String service) {
    Service known = services.get(service);
    return known == null ? "" : known.group();
  }

  /** The e-mail address configured for the written name, or the written name. */
  public String resolvePerson(String written) {
    return people.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(written))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(written);
  }

  /**
   * The due date of an item with this priority that starts on this day; empty if not configured.
   */
  public Optional<LocalDate> due(@Nullable String priority, LocalDate begun) {
    return dueDays.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(priority))
        .map(entry -> begun.plusDays(entry.getValue()))
        .findFirst();
  }

  public String type(@Nullable String priority, Set<String> labels) {
    return types.stream()
        .filter(rule -> rule.matches(priority, labels))
        .map(TypeRule::type)
        .findFirst()
        .orElse("normal");
  }
}
