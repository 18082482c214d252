package dev.lockstep.intake;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * An action item as reported by a system. The report is complete: an empty field means that the
 * item has no such value.
 *
 * @param system the reporting system
 * @param id the item's id in that system
 * @param incident the incident it belongs to; not verified to exist
 * @param description empty for none
 * @param owner null: none
 * @param occurredAt when this state was true; the later of two reports wins
 * @param deliveryId the sender's id of the delivery, for logs; may be empty
 */
public record ReportedActionItem(
    String system,
    String id,
    RecordRef incident,
    String title,
    String description,
    @Nullable Owner owner,
    @Nullable LocalDate due,
    boolean done,
    Instant occurredAt,
    String deliveryId) {

  /**
   * The assignee. Fields that were not reported are empty.
   *
   * @param reference the connector's reference type of {@code id}, for example {@code user}; used
   *     to look up the e-mail address
   */
  public record Owner(String reference, String id, String email, String name) {}
}
