package dev.lockstep.trace;

import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.LocalRecordId;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.Filed;
import dev.lockstep.postmortem.followup.IncidentLookup;
import dev.lockstep.record.RecordRef;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is meant by an id. The first that fits is taken, from the most to the least particular. */
class IdResolver {
  private static final Pattern ITEM = Pattern.compile("(?i)AI-(\\d{1,18})");
  private static final Pattern REF = Pattern.compile("[^/\\s]+/[^/\\s]+/\\S.*");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private final TraceQueries ledger;
  private final IncidentLookup incidents;
  private final ActionItemStore items;
  private final PostmortemStore postmortems;

  IdResolver(
      TraceQueries ledger,
      IncidentLookup incidents,
      ActionItemStore items,
      PostmortemStore postmortems) {
    this.ledger = ledger;
    this.incidents = incidents;
    this.items = items;
    this.postmortems = postmortems;
  }

  /** At least one of the last three is there. */
  record Found(
      String kind,
      String key,
      @Nullable RecordRef incident,
      @Nullable ActionItem item,
      @Nullable Filed postmortem) {}

  Optional<Found> find(String id) {
    Set<String> names = new LinkedHashSet<>(List.of(id, id.toUpperCase(Locale.ROOT)));
    if (NUMBER.matcher(id).matches()) {
      // A shell takes #12 for a comment.
      names.add("#" + id);
    }
    for (String name : names) {
      Optional<Found> found = named(name);
      if (found.isPresent()) {
        return found;
      }
    }
    return first(ledger.withId(id));
  }

  private Optional<Found> named(String name) {
    Matcher item = ITEM.matcher(name);
    if (item.matches()) {
      Optional<Found> own = items.find(Long.parseLong(item.group(1))).map(IdResolver::itself);
      if (own.isPresent()) {
        return own;
      }
    }
    if (REF.matcher(name).matches()) {
      Optional<Found> record = of(RecordRef.parse(name));
      if (record.isPresent()) {
        return record;
      }
    }
    return first(ledger.called(name))
        .or(() -> ofItem(name))
        .or(
            () ->
                postmortems
                    .named(name)
                    .map(filed -> new Found("postmortem", name, filed.incident(), null, filed)));
  }

  private Optional<Found> ofItem(String name) {
    return ledger.itemsOf(name).stream()
        .findFirst()
        .flatMap(items::find)
        .map(
            item ->
                new Found(
                    attempt(item, shown -> shown.change().key().equals(name)).isPresent()
                        ? "change-request"
                        : "issue",
                    name,
                    item.incident(),
                    item,
                    null));
  }

  private Optional<Found> first(List<RecordRef> refs) {
    return refs.stream().map(this::of).flatMap(Optional::stream).findFirst();
  }

  private Optional<Found> of(RecordRef ref) {
    if (ref.system().equals(ActionItem.SYSTEM)) {
      return LocalRecordId.parse(ref.id())
          .flatMap(face -> items.find(face.item()))
          .map(IdResolver::itself);
    }
    return items
        .of(ref.toString())
        .map(item -> far(item, ref))
        .or(
            () ->
                incidents
                    .known(ref)
                    .map(known -> new Found("incident", known.seen().key(), ref, null, null)))
        .or(
            () ->
                items.ofIncidents(List.of(ref)).stream()
                    .findFirst()
                    .map(item -> new Found("incident", ref.toString(), ref, item, null)));
  }

  private static Found itself(ActionItem item) {
    return new Found("action-item", item.key(), item.incident(), item, null);
  }

  /** The item as the change request knows it that is meant. */
  private static Optional<ActionItem> attempt(ActionItem item, Predicate<ActionItem> isMeant) {
    return IntStream.rangeClosed(0, item.earlier().size())
        .mapToObj(item::at)
        .filter(isMeant)
        .findFirst();
  }

  private static Found far(ActionItem item, RecordRef ref) {
    Optional<ActionItem> change =
        attempt(item, shown -> shown.counterpart().equals(ref.toString()));
    String key = change.isPresent() ? change.get().change().key() : item.said().ticket();
    return new Found(
        change.isPresent() ? "change-request" : "issue",
        key == null || key.isEmpty() ? ref.id() : key,
        item.incident(),
        item,
        null);
  }
}
