package dev.lockstep.plan;

import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.UnconfirmedWrite;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.HashMap;
import java.util.Map;

/**
 * The first base of a pair: decides from the record that a system shows after it was created, or
 * found, what both sides agree on.
 */
public final class InitialBase {
  private final Mapping mapping;
  private final SyncPlan plan;
  private final Side to;
  private final Side from;
  private final Map<String, String> source;
  private final Map<String, String> created;
  private final boolean found;

  private InitialBase(
      Mapping mapping, SyncPlan plan, Side to, Snapshot source, Snapshot created, boolean found) {
    this.mapping = mapping;
    this.plan = plan;
    this.to = to;
    this.from = to.other();
    this.source = source.values();
    this.created = created.values();
    this.found = found;
  }

  /**
   * @param plan by which {@code created} was created
   * @param to the side of {@code created}
   * @param found whether it existed already and may have been changed since: then a difference from
   *     the plan counts as a change of that side
   */
  public static Map<String, AgreedValue> of(
      Mapping mapping, SyncPlan plan, Side to, Snapshot source, Snapshot created, boolean found) {
    return new InitialBase(mapping, plan, to, source, created, found).agreed();
  }

  private Map<String, AgreedValue> agreed() {
    SyncPlan.Update update = plan.updates().get(to);
    Map<String, String> written = update == null ? Map.of() : update.values();
    Map<String, AgreedValue> agreed = new HashMap<>();
    for (FieldMapping field : mapping.fields()) {
      String sent = written.get(field.name());
      agreed.put(field.name(), sent == null ? unwritten(field) : written(field, sent));
    }
    for (SyncPlan.Announcement announcement : plan.announcements()) {
      agreed.put(announcement.field(), announcement.agreed());
    }
    return agreed;
  }

  /** A field that was written at creation, by what the new record shows. */
  private AgreedValue written(FieldMapping field, String written) {
    String here = source.get(field.name());
    String there = created.get(field.name());
    boolean isShown = there != null && there.isBlank() == written.isBlank();
    if (isShown && found) {
      return AgreedValue.of(to, written, here);
    }
    boolean isSentLater = field.flowsTo(to) && field.noteText(to, written) == null;
    if (isShown && !isSentLater) {
      return AgreedValue.of(to, there, here);
    }
    AgreedValue agreed =
        Settlement.after(field, mapping.system(to), to, AgreedValue.NOTHING, here, written, there);
    UnconfirmedWrite open = agreed.unconfirmed();
    return open == null || isSentLater
        ? agreed
        : agreed.withUnconfirmed(open.withoutRetry(open.reason()));
  }

  /**
   * A field that was not written at creation. If the source has no value, the new record's initial
   * value (for example its on-call assignee) is an edit of the new record, unless it is the
   * mapping's default. A source value that could not be sent at creation remains an edit of the
   * source. A value that a record which already existed does not take from the source is its own.
   */
  private AgreedValue unwritten(FieldMapping field) {
    String here = source.get(field.name());
    String there = created.get(field.name());
    if (here == null || here.isEmpty()) {
      boolean edit = there != null && field.flowsTo(from) && !field.isDefault(to, there);
      return AgreedValue.of(from, here, edit ? null : there);
    }
    if (there != null && isOwn(field, here, there)) {
      return AgreedValue.of(from, here, null);
    }
    boolean gap = plan.gaps().containsKey(field.name());
    boolean settled =
        !gap && (!field.flowsTo(to) || there != null && field.isInStep(from, here, there));
    return settled ? AgreedValue.of(from, here, there) : AgreedValue.of(from, null, there);
  }

  private boolean isOwn(FieldMapping field, String here, String there) {
    return found
        && !field.flowsTo(to)
        && field.flowsTo(from)
        && !field.isInStep(from, here, there)
        && !field.isDefault(to, there);
  }
}
