package dev.lockstep.duplicates.settings;

import dev.lockstep.similarity.Thresholds;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * The settings {@code lockstep.duplicates}.
 *
 * @param policy for services without their own
 * @param embedding whether sentence embeddings are compared in addition to words
 * @param closedWindow how long a closed ticket may still become a primary; zero: not at all
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

  /** How a likely duplicate is handled. */
  public enum Mode {
    /** Nothing is compared. */
    OFF,
    /** Proposed to an operator. */
    PROPOSE,
    /** Linked automatically above the automatic threshold; proposed below it. */
    AUTOMATIC
  }

  /**
   * @param automatic minimum score to link without an operator
   * @param propose minimum score to propose; not above {@code automatic}
   */
  public record Policy(Mode mode, double automatic, double propose) {}

  /** The policy for tickets about a service; names are compared case-insensitively. */
  public Policy policyFor(String service) {
    return services.getOrDefault(key(service), policy);
  }

  static String key(String service) {
    return service.strip().toLowerCase(Locale.ROOT);
  }
}
