package dev.lockstep.sandbox.demo;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What both sandboxes hold, what belongs to what, and what of it really is the outage's. */
final class DuplicateFacts {

  /**
   * @param link the incident it says it is linked with
   * @param parent the sys_id of its parent; may be empty
   * @param resolutions how often it came to be resolved
   * @param touches how often Lockstep changed it
   */
  record Ticket(
      String id,
      String key,
      String link,
      String parent,
      String state,
      String closeCode,
      String closeNotes,
      int resolutions,
      int touches,
      List<NoteLine> lines) {
    Ticket {
      lines = List.copyOf(lines);
    }
  }

  /**
   * @param link the ticket it was opened for; may be empty
   * @param mergedInto the id of the incident that took it in; may be empty
   */
  record Page(String id, String key, String link, String mergedInto) {}

  private final ScenarioFacts facts;
  private final Map<String, Ticket> tickets;
  private final Map<String, Page> pages;

  DuplicateFacts(ScenarioFacts facts, List<Ticket> tickets, List<Page> pages) {
    this.facts = facts;
    this.tickets = tickets.stream().collect(Collectors.toMap(Ticket::id, ticket -> ticket));
    this.pages = pages.stream().collect(Collectors.toMap(Page::id, page -> page));
  }

  Collection<Ticket> tickets() {
    return tickets.values();
  }

  Collection<Page> pages() {
    return pages.values();
  }

  @Nullable Ticket ticket(String id) {
    return tickets.get(id);
  }

  @Nullable Page page(String id) {
    return pages.get(id);
  }

  /** Where its alerts are now: what took it in may have been merged itself. */
  Page end(Page page) {
    Page end = page;
    Set<String> seen = new HashSet<>();
    for (Page next = end;
        next != null && seen.add(next.id());
        next = pages.get(next.mergedInto())) {
      end = next;
    }
    return end;
  }

  /** The ticket most others are linked to, of the outage's if there is one. */
  Optional<Ticket> primary() {
    return roots().stream()
        .max(
            Comparator.comparing((Ticket root) -> isOutages(root))
                .thenComparing(root -> childrenOf(root).size()));
  }

  Set<Ticket> roots() {
    return tickets.values().stream()
        .map(Ticket::parent)
        .filter(parent -> !parent.isEmpty())
        .map(tickets::get)
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  List<Ticket> childrenOf(@Nullable Ticket parent) {
    return parent == null
        ? List.of()
        : tickets.values().stream().filter(child -> child.parent().equals(parent.id())).toList();
  }

  /** Whether the ticket is a clinic's, be it late, or was opened for one of the alerts. */
  boolean isOutages(Ticket ticket) {
    return facts.clinics.contains(ticket.id())
        || facts.late.contains(ticket.id())
        || facts.alerts.stream().anyMatch(alert -> ticket.link().endsWith("/" + alert));
  }

  boolean isOutages(Page page) {
    return facts.alerts.contains(page.id())
        || tickets.values().stream()
            .filter(this::isOutages)
            .anyMatch(ticket -> belong(ticket, page));
  }

  static boolean belong(Ticket ticket, Page page) {
    return page.link().endsWith("/" + ticket.id()) || ticket.link().endsWith("/" + page.id());
  }

  List<Ticket> known(List<String> ids) {
    Set<String> wanted = new HashSet<>(ids);
    return tickets.values().stream().filter(ticket -> wanted.contains(ticket.id())).toList();
  }
}
