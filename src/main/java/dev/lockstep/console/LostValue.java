package dev.lockstep.console;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditQueries.Row;
import dev.lockstep.record.Side;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * A value that lost a conflict, from the audit.
 *
 * @param side the side that had it, in whose words it is
 */
record LostValue(UUID pair, String field, Side side, String value) {

  /** Whether the entry says on which side the value was. */
  static boolean isIn(AuditEntry entry) {
    Map<String, String> details = entry.details();
    return entry.what().equals("conflict")
        && details.containsKey("field")
        && details.containsKey("lost")
        && details.containsKey("winner");
  }

  static LostValue of(Optional<Row> found) {
    Row row = found.filter(each -> isIn(each.event().entry())).orElseThrow(LostValue::unknown);
    Map<String, String> details = row.event().entry().details();
    Side winner = Side.LEFT.label().equals(details.get("winner")) ? Side.LEFT : Side.RIGHT;
    return new LostValue(
        UUID.fromString(row.event().subject().id()),
        details.getOrDefault("field", ""),
        winner.other(),
        details.getOrDefault("lost", ""));
  }

  static ResponseStatusException unknown() {
    return new ResponseStatusException(
        HttpStatus.NOT_FOUND, "There is no such conflict with a value to choose.");
  }
}
