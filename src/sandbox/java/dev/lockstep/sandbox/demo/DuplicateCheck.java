package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.demo.DuplicateFacts.Page;
import dev.lockstep.sandbox.demo.DuplicateFacts.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether what {@link ScenarioFacts} says is one outage became one, and nothing else did, judged by
 * what both sandboxes hold. Pure; use once.
 */
final class DuplicateCheck {

  record Result(Summary.Duplicates figures, List<String> problems) {
    Result {
      problems = List.copyOf(problems);
    }
  }

  private final ScenarioFacts facts;
  private final DuplicateFacts all;
  private final List<String> problems = new ArrayList<>();
  private int falseMerges;
  private int missed;
  private int told;
  private int missing;
  private int doubled;
  private int resolved;

  DuplicateCheck(ScenarioFacts facts, List<Ticket> tickets, List<Page> pages) {
    this.facts = facts;
    this.all = new DuplicateFacts(facts, tickets, pages);
  }

  /**
   * @param proposed keys of the tickets Lockstep says it asks people about
   */
  Result judge(Set<String> proposed) {
    Ticket primary = all.primary().orElse(null);
    List<Ticket> children = all.childrenOf(primary);
    all.tickets().forEach(this::falselyLinked);
    all.pages().forEach(this::falselyMerged);
    all.known(facts.clinics).forEach(ticket -> missed(ticket, primary));
    int open = openPages(primary);
    children.forEach(this::comments);
    children.forEach(this::nothingInternal);
    children.forEach(this::resolution);
    all.known(facts.unrelated).forEach(this::untouched);
    long late = all.known(facts.late).stream().filter(ticket -> asksOf(ticket, proposed)).count();
    int primaries = all.roots().size();
    if (primaries != 1) {
      problems.add(primaries + " tickets have others under them; one should");
    }
    int opened = (int) all.pages().stream().filter(all::isOutages).count();
    if (opened != facts.alerts.size()) {
      problems.add(
          "%d incidents were opened for the outage, its alerts are %d"
              .formatted(opened, facts.alerts.size()));
    }
    return new Result(
        new Summary.Duplicates(
            facts.clinics.size(),
            facts.alerts.size(),
            facts.unrelated.size(),
            primaries,
            (int) all.known(facts.clinics).stream().filter(children::contains).count(),
            facts.accepted,
            falseMerges,
            missed,
            opened,
            open,
            told,
            missing,
            doubled,
            resolved,
            (int) late,
            facts.apiCalls,
            Math.round(100.0 * facts.apiCalls / Math.max(1, facts.reports())) / 100.0),
        problems);
  }

  private void falselyLinked(Ticket ticket) {
    Ticket parent = all.ticket(ticket.parent());
    if (ticket.parent().isEmpty()
        || all.isOutages(ticket) && parent != null && all.isOutages(parent)) {
      return;
    }
    falseMerges++;
    problems.add(
        "%s is linked to %s, which is about something else"
            .formatted(ticket.key(), parent == null ? ticket.parent() : parent.key()));
  }

  private void falselyMerged(Page page) {
    Page into = all.page(page.mergedInto());
    if (page.mergedInto().isEmpty() || all.isOutages(page) && into != null && all.isOutages(into)) {
      return;
    }
    falseMerges++;
    problems.add(
        "%s was merged into %s, which is about something else"
            .formatted(page.key(), into == null ? page.mergedInto() : into.key()));
  }

  private void missed(Ticket clinics, @Nullable Ticket primary) {
    if (primary == null || !clinics.id().equals(primary.id()) && !isLinked(clinics, primary)) {
      missed++;
      problems.add(clinics.key() + " is not linked to the primary");
    }
  }

  private static boolean isLinked(Ticket ticket, Ticket primary) {
    return ticket.parent().equals(primary.id());
  }

  /** All of the outage's incidents are one: the primary's, with the others merged into it. */
  private int openPages(@Nullable Ticket primary) {
    List<Page> open =
        all.pages().stream()
            .filter(all::isOutages)
            .filter(page -> page.mergedInto().isEmpty())
            .toList();
    for (Page page : open) {
      if (primary == null || !DuplicateFacts.belong(primary, page)) {
        missed += facts.alerts.contains(page.id()) ? 1 : 0;
        problems.add(page.key() + " pages people apart from the primary's");
      }
    }
    all.pages().stream()
        .filter(page -> !page.mergedInto().isEmpty() && all.isOutages(page))
        .filter(page -> primary == null || !DuplicateFacts.belong(primary, all.end(page)))
        .forEach(page -> problems.add(page.key() + " was merged into another than the primary's"));
    return open.size();
  }

  private void comments(Ticket child) {
    for (String comment : facts.comments) {
      long times = child.lines().stream().filter(line -> tells(line, comment)).count();
      told += times == 1 ? 1 : 0;
      if (times == 0) {
        missing++;
        problems.add("%s lacks the comment «%s»".formatted(child.key(), comment));
      } else if (times > 1) {
        doubled += (int) (times - 1);
        problems.add("%s has %d times the comment «%s»".formatted(child.key(), times, comment));
      }
    }
  }

  private static boolean tells(NoteLine line, String comment) {
    return line.forCallers() && line.text().contains(comment);
  }

  /** Callers read what callers of the primary were told, and nothing else. */
  private void nothingInternal(Ticket child) {
    for (NoteLine line : child.lines()) {
      boolean meant = facts.comments.stream().anyMatch(comment -> tells(line, comment));
      boolean leaked = facts.internal.stream().anyMatch(line.text()::contains);
      if (leaked || line.ours() && line.forCallers() && !meant) {
        problems.add(
            "%s shows what was not meant for it: «%s»".formatted(child.key(), line.text()));
      }
    }
  }

  private void resolution(Ticket child) {
    if (!child.state().equals("6")
        || !child.closeCode().equals(facts.closeCode)
        || !child.closeNotes().equals(facts.closeNotes)) {
      problems.add(
          "%s is not resolved as the primary is: state %s, %s, «%s»"
              .formatted(child.key(), child.state(), child.closeCode(), child.closeNotes()));
    } else if (child.resolutions() != 1) {
      problems.add("%s was resolved %d times".formatted(child.key(), child.resolutions()));
    } else {
      resolved++;
    }
  }

  private void untouched(Ticket ticket) {
    boolean urgent = facts.urgent.contains(ticket.id());
    boolean spoken = ticket.lines().stream().anyMatch(line -> line.ours() && line.forCallers());
    if (!ticket.state().equals("1") || spoken || !urgent && ticket.touches() > 0) {
      problems.add(ticket.key() + " has nothing to do with the outage, and was changed");
    }
  }

  private boolean asksOf(Ticket ticket, Set<String> proposed) {
    boolean asks = proposed.contains(ticket.key()) && ticket.touches() == 0;
    if (!asks) {
      problems.add(ticket.key() + " came late and should be proposed, and left as it is");
    }
    return asks;
  }
}
