package dev.lockstep.intake;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * An action item as a system told it, whole: what it does not say here it does not have.
 *
 * @param system who told it
 * @param id its id there
 * @param incident what it is about; whether anybody knows that record was not asked
 * @param description empty for none
 * @param owner null for nobody
 * @param occurredAt when this was so; of two told things the later one counts
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
   * Who is to do it, in as many of these as were told; the others are empty.
   *
   * @param reference the connector's reference that {@code id} is an id of, for example {@code
   *     user}: with it the system can be asked for the address
   */
  public record Owner(String reference, String id, String email, String name) {}
}
