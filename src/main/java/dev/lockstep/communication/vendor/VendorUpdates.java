package dev.lockstep.communication.vendor;

import dev.lockstep.communication.Communications.Incident;
import dev.lockstep.communication.IncidentSearch;
import dev.lockstep.communication.KnownIncident;
import dev.lockstep.communication.UpdateViews;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.communication.settings.Vendor;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What vendors have to report, as people read it. */
@Component
public class VendorUpdates {
  private final CommunicationSettings settings;
  private final IncidentSearch search;
  private final VendorStore watches;
  private final Clock clock;

  VendorUpdates(
      CommunicationSettings settings, IncidentSearch search, VendorStore watches, Clock clock) {
    this.settings = settings;
    this.search = search;
    this.watches = watches;
    this.clock = clock;
  }

  /** Whether a vendor has to report in time. */
  public enum DueState {
    DUE,
    OVERDUE
  }

  /**
   * A comment that a vendor is to write.
   *
   * @param ticket key of its record
   * @param url of its record; empty if its system has none
   * @param lastAt when its last public comment was noticed; null if none was
   * @param escalated how many steps of the escalation were taken
   */
  public record VendorDue(
      Incident incident,
      String vendor,
      String vendorTitle,
      String ticket,
      String url,
      Instant dueAt,
      DueState state,
      @Nullable Instant lastAt,
      int escalated) {}

  public boolean isOn() {
    return !settings.vendors().isEmpty();
  }

  /** Everything that is expected, first due first. */
  public List<VendorDue> list() {
    return views(watches.findDueOrOf(List.of()));
  }

  /**
   * What is expected for an incident.
   *
   * @param name the key or id of one of its records
   */
  public List<VendorDue> show(String name) {
    return views(watches.findOf(search.find(name).ref()));
  }

  private List<VendorDue> views(List<VendorWatch> found) {
    Map<RecordRef, KnownIncident> incidents =
        search.findAll(found.stream().map(VendorWatch::incident).distinct().toList());
    return found.stream()
        .flatMap(
            watch ->
                Optional.ofNullable(incidents.get(watch.incident()))
                    .flatMap(incident -> view(incident, watch))
                    .stream())
        .toList();
  }

  private Optional<VendorDue> view(KnownIncident incident, VendorWatch watch) {
    Instant due = watch.dueAt();
    Optional<Vendor> vendor =
        settings.vendors().stream().filter(one -> one.name().equals(watch.vendor())).findFirst();
    if (due == null || vendor.isEmpty()) {
      return Optional.empty();
    }
    RecordState ticket = incident.correlation().states().get(watch.ticket());
    return Optional.of(
        new VendorDue(
            UpdateViews.incident(incident),
            watch.vendor(),
            vendor.get().title(),
            ticket == null ? watch.ticket().id() : ticket.key(),
            ticket == null ? "" : ticket.url(),
            due,
            watch.isOverdue(clock.instant()) ? DueState.OVERDUE : DueState.DUE,
            watch.answeredAt(),
            watch.escalated()));
  }
}
