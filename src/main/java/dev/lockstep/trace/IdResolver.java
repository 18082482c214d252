package dev.lockstep.trace;

import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.LocalRecordId;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.StoredPostmortem;
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
import org.springframework.stereotype.Component;

/** Resolves an id. The first match is used, from the most to the least specific. */
@Component
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

  /** At least one of the last three is set. */
  record ResolvedId(
      String kind,
      String key,
      @Nullable RecordRef incident,
      @Nullable ActionItem item,
      @Nullable StoredPostmortem postmortem) {}

  Optional<ResolvedId> find(String id) {
    Set<String> names = new LinkedHashSet<>(List.of(id, id.toUpperCase(Locale.ROOT)));
    if (NUMBER.matcher(id).matches()) {
      // A shell treats #12 as a comment.
      names.add("#" + id);
    }
    for (String name : names) {
      Optional<ResolvedId> found = findByName(name);
      if (found.isPresent()) {
        return found;
      }
    }
    return first(ledger.findById(id));
  }

  private Optional<ResolvedId> findByName(String name) {
    Matcher item = ITEM.matcher(name);
    if (item.matches()) {
      Optional<ResolvedId> own = items.find(Long.parseLong(item.group(1))).map(IdResolver::ofItem);
      if (own.isPresent()) {
        return own;
      }
    }
    if (REF.matcher(name).matches()) {
      Optional<ResolvedId> record = findByRecord(RecordRef.parse(name));
      if (record.isPresent()) {
        return record;
      }
    }
    return first(ledger.findByKey(name))
        .or(() -> findItem(name))
        .or(
            () ->
                postmortems
                    .findByName(name)
                    .map(
                        postmortem ->
                            new ResolvedId(
                                "postmortem", name, postmortem.incident(), null, postmortem)));
  }

  private Optional<ResolvedId> findItem(String name) {
    return ledger.findItems(name).stream()
        .findFirst()
        .flatMap(items::find)
        .map(
            item ->
                new ResolvedId(
                    attempt(item, shown -> shown.change().key().equals(name)).isPresent()
                        ? "change-request"
                        : "issue",
                    name,
                    item.incident(),
                    item,
                    null));
  }

  private Optional<ResolvedId> first(List<RecordRef> refs) {
    return refs.stream().map(this::findByRecord).flatMap(Optional::stream).findFirst();
  }

  private Optional<ResolvedId> findByRecord(RecordRef ref) {
    if (ref.system().equals(ActionItem.SYSTEM)) {
      return LocalRecordId.parse(ref.id())
          .flatMap(localRecord -> items.find(localRecord.item()))
          .map(IdResolver::ofItem);
    }
    return items
        .findByRecord(ref.toString())
        .map(item -> ofCounterpart(item, ref))
        .or(
            () ->
                incidents
                    .findKnown(ref)
                    .map(known -> new ResolvedId("incident", known.seen().key(), ref, null, null)))
        .or(
            () ->
                items.findByIncidents(List.of(ref)).stream()
                    .findFirst()
                    .map(item -> new ResolvedId("incident", ref.toString(), ref, item, null)));
  }

  private static ResolvedId ofItem(ActionItem item) {
    return new ResolvedId("action-item", item.key(), item.incident(), item, null);
  }

  /** The item as the matching change request knows it. */
  private static Optional<ActionItem> attempt(ActionItem item, Predicate<ActionItem> isMeant) {
    return IntStream.rangeClosed(0, item.earlier().size())
        .mapToObj(item::forAttempt)
        .filter(isMeant)
        .findFirst();
  }

  private static ResolvedId ofCounterpart(ActionItem item, RecordRef ref) {
    Optional<ActionItem> change =
        attempt(item, shown -> shown.counterpart().equals(ref.toString()));
    String key = change.isPresent() ? change.get().change().key() : item.sourceItem().ticket();
    return new ResolvedId(
        change.isPresent() ? "change-request" : "issue",
        key == null || key.isEmpty() ? ref.id() : key,
        item.incident(),
        item,
        null);
  }
}
