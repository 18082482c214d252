package dev.lockstep.duplicates.settings;

import dev.lockstep.similarity.Thresholds;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What operators decide about duplicates: {@code lockstep.duplicates} in the settings.
 *
 * @param policy where a service has none of its own
 * @param embedding whether the meaning of texts is compared, and not their words alone
 * @param closedWindow how long a closed ticket may still be a primary; zero: not at all
 * @param services by name, in lower case
 */
public record DuplicateSettings(
    Policy policy, boolean embedding, Duration closedWindow, Map<String, Policy> services) {

  static final Policy DEFAULT_POLICY =
      new Policy(Mode.PROPOSE, Thresholds.defaults().automatic(), Thresholds.defaults().propose());
  static final Duration DEFAULT_CLOSED_WINDOW = Duration.ofHours(24);

  public DuplicateSettings {
    services = Map.copyOf(services);
  }

  /** What becomes of a likely duplicate. */
  public enum Mode {
    /** Nothing is compared. */
    OFF,
    /** A person decides. */
    PROPOSE,
    /** What is surely the same is consolidated at once; a person decides the rest. */
    AUTOMATIC
  }

  /**
   * @param automatic from this score on a duplicate is consolidated without asking
   * @param propose from this score on it is proposed; never above {@code automatic}
   */
  public record Policy(Mode mode, double automatic, double propose) {}

  /** What holds for tickets about this service, whichever way its name's capitals are. */
  public Policy policyFor(String service) {
    return services.getOrDefault(key(service), policy);
  }

  static String key(String service) {
    return service.strip().toLowerCase(Locale.ROOT);
  }
}
