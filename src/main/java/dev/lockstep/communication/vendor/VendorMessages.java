package dev.lockstep.communication.vendor;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.communication.CadenceKeeper;
import dev.lockstep.communication.Dispatcher;
import dev.lockstep.communication.DraftWriter;
import dev.lockstep.communication.KnownIncident;
import dev.lockstep.communication.settings.Vendor;
import dev.lockstep.record.RecordState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * What is written when a vendor does not report: to the vendor, which learns nothing but what is
 * known of its own ticket, and to the people here. In the caller's transaction.
 */
@Component
class VendorMessages {
  private final Dispatcher dispatcher;
  private final AuditStore audit;

  VendorMessages(Dispatcher dispatcher, AuditStore audit) {
    this.dispatcher = dispatcher;
    this.audit = audit;
  }

  void escalate(
      Vendor vendor, KnownIncident incident, VendorWatch watch, Vendor.Step step, int number) {
    Instant due = Objects.requireNonNull(watch.dueAt());
    RecordState ticket = incident.correlation().states().get(watch.ticket());
    String key = ticket == null ? watch.ticket().id() : ticket.key();
    String when = DraftWriter.time(due);
    String name = "vendor:%s:%d:%d:".formatted(vendor.name(), due.toEpochMilli(), number);
    Map<String, String> outcomes = new LinkedHashMap<>();
    outcomes.putAll(
        dispatcher.sendNotification(
            incident,
            step.to(),
            new Dispatcher.Text(
                name + "to",
                "An update on %s is overdue since %s".formatted(key, when),
                "We expected a public comment on %s by %s and have received none. Please write how it stands and what happens next."
                    .formatted(key, when),
                ticket == null ? "" : ticket.url())));
    outcomes.putAll(
        dispatcher.sendNotification(
            incident,
            step.inform(),
            new Dispatcher.Text(
                name + "inform",
                "%s is overdue on %s %s"
                    .formatted(vendor.title(), incident.facts().level(), incident.key()),
                "%s was to report on %s (its ticket %s) by %s and has not.\n%s\n\n%s\n%s, %s\n%s"
                    .formatted(
                        vendor.title(),
                        incident.key(),
                        key,
                        when,
                        step.to().isEmpty()
                            ? "The vendor was not reminded by this."
                            : "The vendor was reminded.",
                        incident.title(),
                        incident.facts().level(),
                        DraftWriter.words(incident.facts().stage()),
                        incident.url()),
                incident.url())));
    audit.record(
        CadenceKeeper.subject(incident.ref()),
        List.of(
            new AuditEntry(
                "vendor-escalated",
                "%s is overdue since %s, escalated to %s"
                    .formatted(vendor.title(), when, String.join(", ", outcomes.keySet())),
                outcomes)));
  }
}
