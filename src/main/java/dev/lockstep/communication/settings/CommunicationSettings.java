package dev.lockstep.communication.settings;

import dev.lockstep.publish.Channel;
import dev.lockstep.publish.Channels;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code config/communications.yaml}.
 *
 * @param audiences empty: nothing is due, and nothing can be sent
 * @param remindBefore how long before an update is due
 * @param remind who is reminded
 * @param escalate the steps, the earliest first
 * @param managers who leads incidents
 * @param onCall whose on-call people are shown on incidents
 * @param vendors who have to report on their tickets
 */
public record CommunicationSettings(
    List<Audience> audiences,
    Duration remindBefore,
    List<Target> remind,
    List<Escalation> escalate,
    Map<String, Channel> channels,
    ManagerRules managers,
    OnCallRules onCall,
    List<Vendor> vendors)
    implements Channels {

  public static final CommunicationSettings OFF =
      new CommunicationSettings(
          List.of(),
          Duration.ZERO,
          List.of(),
          List.of(),
          Map.of(),
          ManagerRules.OFF,
          OnCallRules.OFF,
          List.of());

  public CommunicationSettings {
    audiences = List.copyOf(audiences);
    remind = List.copyOf(remind);
    escalate = List.copyOf(escalate);
    channels = Map.copyOf(channels);
    vendors = List.copyOf(vendors);
  }

  /**
   * A step that is taken once for each update that is overdue.
   *
   * @param after how long after it was due
   */
  public record Escalation(Duration after, List<Target> to) {
    public Escalation {
      to = List.copyOf(to);
    }
  }

  /** Whether anything is to be done at all. */
  boolean isOn() {
    return !audiences.isEmpty() || managers.isOn() || onCall.isOn() || !vendors.isEmpty();
  }

  public Optional<Audience> audience(String name) {
    return audiences.stream().filter(audience -> audience.name().equals(name)).findFirst();
  }

  /** The levels at which some audience is informed. */
  public Set<String> levels() {
    Set<String> levels = new LinkedHashSet<>();
    audiences.forEach(audience -> levels.addAll(audience.every().keySet()));
    return levels;
  }

  /** The levels at which some vendor has to report. */
  public Set<String> vendorLevels() {
    Set<String> levels = new LinkedHashSet<>();
    vendors.forEach(vendor -> levels.addAll(vendor.every().keySet()));
    return levels;
  }

  @Override
  public Optional<Channel> find(String name) {
    return Optional.ofNullable(channels.get(name));
  }
}
