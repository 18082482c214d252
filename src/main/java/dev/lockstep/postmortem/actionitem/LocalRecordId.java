package dev.lockstep.postmortem.actionitem;

import dev.lockstep.record.RecordRef;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The local record of an item for one of its change requests, since a record can be in one pair of
 * each mapping only: {@code 12} for the first change request of item 12, {@code 12-2} for the
 * second.
 *
 * @param attempt index of the change request, from 0
 */
public record LocalRecordId(long item, int attempt) {
  private static final Pattern ID = Pattern.compile("(\\d{1,18})(?:-([2-9]|[1-9]\\d))?");

  /** Empty if it is not the id of a local record. */
  public static Optional<LocalRecordId> parse(String id) {
    Matcher matcher = ID.matcher(id);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String number = matcher.group(2);
    return Optional.of(
        new LocalRecordId(
            Long.parseLong(matcher.group(1)), number == null ? 0 : Integer.parseInt(number) - 1));
  }

  RecordRef ref() {
    return new RecordRef(
        ActionItem.SYSTEM, ActionItem.KIND, attempt == 0 ? "" + item : item + "-" + (attempt + 1));
  }
}
