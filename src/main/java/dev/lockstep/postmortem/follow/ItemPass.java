package dev.lockstep.postmortem.follow;

import dev.lockstep.apply.MappingCatalog;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.postmortem.item.ActionItem;
import dev.lockstep.postmortem.item.ActionItems;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans one action item: who owns it, until when, and what kind of change it becomes. */
class ItemPass {
  private final ActionItems items;
  private final MappingCatalog mappings;
  private final Incidents incidents;
  private final Owners owners;
  private final PostmortemSettings settings;

  ItemPass(
      ActionItems items,
      MappingCatalog mappings,
      Incidents incidents,
      Owners owners,
      PostmortemSettings settings) {
    this.items = items;
    this.mappings = mappings;
    this.incidents = incidents;
    this.owners = owners;
    this.settings = settings;
  }

  /** May run again at any time, and must then come to the same. */
  void plan(RecordRef face) {
    if (!face.id().matches("\\d{1,18}")) {
      return;
    }
    ActionItem item = items.find(Long.parseLong(face.id())).orElse(null);
    if (item == null || item.stage().isOver()) {
      return;
    }
    RecordRef of = item.incident();
    Incident incident = of == null ? null : incidents.find(of).orElse(null);
    String service =
        item.service().isEmpty() && incident != null ? incident.value("service") : item.service();
    Owners.Answer owner = owner(item, service);
    // What a person changed in the change request meanwhile stays: only what is empty is filled.
    // What its source said otherwise meanwhile is planned when that wakes it.
    items.change(
        item.id(),
        "",
        face,
        known -> saysTheSame(known, item) ? planned(known, service, owner) : known);
  }

  private static boolean saysTheSame(ActionItem now, ActionItem then) {
    return now.said().equals(then.said()) && Objects.equals(now.incident(), then.incident());
  }

  Optional<ActionItem> find(RecordRef face) {
    return items.find(Long.parseLong(face.id()));
  }

  /** Without its change request the item is open again, until that is there again. */
  void seeChange(RecordRef face, boolean there) {
    if (face.kind().equals(ActionItem.KIND)) {
      items.change(
          Long.parseLong(face.id()),
          "",
          face,
          item -> item.edit().change(item.change().gone(!there)).done());
    }
  }

  private ActionItem planned(ActionItem item, String service, Owners.Answer owner) {
    List<String> problems = new ArrayList<>();
    String email = item.owner().isEmpty() ? owner.email() : item.owner();
    LocalDate due = item.due() == null ? due(item) : item.due();
    if (email.isEmpty()) {
      problems.add(owner.problem());
    }
    if (due == null) {
      problems.add("no due date is committed" + where(item) + "; write one as 2026-12-31");
    }
    item.said().problems().stream()
        .filter(problem -> !problems.contains(problem))
        .forEach(problems::add);
    return item.edit()
        .service(service)
        .owner(email)
        .due(due)
        .group(item.group().isEmpty() ? settings.groupFor(service) : item.group())
        .type(
            item.type().isEmpty()
                ? settings.type(item.said().priority(), item.said().labels())
                : item.type())
        .problems(problems)
        .done();
  }

  private Owners.Answer owner(ActionItem item, String service) {
    if (!item.owner().isEmpty()) {
      return new Owners.Answer(item.owner(), "");
    }
    String said = item.said().owner();
    String wanted = said == null || said.isBlank() ? settings.ownerFor(service) : said;
    if (wanted.isBlank()) {
      return new Owners.Answer(
          "", "no owner is named" + where(item) + "; name one by e-mail address");
    }
    return changes()
        .map(system -> owners.find(system, wanted))
        .orElseGet(() -> new Owners.Answer("", "no mapping says where changes are kept"));
  }

  private static String where(ActionItem item) {
    return item.said().line() > 0 ? " in line " + item.said().line() : "";
  }

  private @Nullable LocalDate due(ActionItem item) {
    String priority = Objects.toString(item.said().priority(), "").toLowerCase(Locale.ROOT);
    return settings.dueDays().entrySet().stream()
        .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).equals(priority))
        .map(
            entry ->
                item.createdAt().atZone(ZoneOffset.UTC).toLocalDate().plusDays(entry.getValue()))
        .findFirst()
        .orElse(null);
  }

  /** The system action items become changes of. */
  private Optional<String> changes() {
    return mappings.forRecord(ActionItem.SYSTEM, ActionItem.KIND).stream()
        .map(place -> far(place.mapping(), place.side()))
        .findFirst();
  }

  private static String far(Mapping mapping, Side side) {
    return mapping.system(side.other());
  }
}
