package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.demo.StakeholderReader.Notice;
import dev.lockstep.sandbox.slack.SlackChannel;
import dev.lockstep.sandbox.statuspage.PageIncident;
import dev.lockstep.sandbox.statuspage.PageUpdate;
import dev.lockstep.sandbox.teams.TeamsCard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whether each audience got what it was to get, once, and nothing else. */
final class StakeholderCheck {
  /** None of them says anything to somebody outside. */
  private static final List<String> NEVER_PUBLIC =
      List.of("[lockstep:", "INC00", "servicenow", "idp-17");

  /** A ticket of the vendor begins with the number of ours, and a note may bear a mark. */
  private static final List<String> NOT_FOR_VENDORS = List.of("pagerduty", "idp-17");

  private final StakeholderFacts facts;
  private final StakeholderReader reader;
  private final StakeholderSystems systems;
  private final List<String> problems = new ArrayList<>();

  /**
   * @param problems what is wrong, one line each
   */
  record Result(Summary.Stakeholders figures, List<String> problems) {
    Result {
      problems = List.copyOf(problems);
    }
  }

  StakeholderCheck(
      StakeholderFacts facts, StakeholderReader reader, StakeholderSystems systems) {
    this.facts = facts;
    this.reader = reader;
    this.systems = systems;
  }

  Result judge() {
    String portal = facts.portal.map(ScenarioRunner.LinkedPair::ticket).orElse("");
    String pharmacy = facts.pharmacy.map(ScenarioRunner.LinkedPair::ticket).orElse("");
    if (portal.isEmpty() || pharmacy.isEmpty()) {
      problems.add("stakeholders: the incidents were not opened");
    } else {
      updates(portal, 1);
      updates(pharmacy, 0);
      page();
      channel(portal);
      vendor(portal);
      timeline(portal);
    }
    Set<String> managers = new HashSet<>(List.of(portal, pharmacy).stream()
        .filter(ticket -> !ticket.isEmpty()).map(reader::manager).toList());
    managers.remove("");
    require(managers.size() == 2, "the two incidents have the managers " + managers);
    int doubled = doubled();
    require(doubled == 0, doubled + " messages stand twice");
    long leaked = leaked(systems.publicTexts(), NEVER_PUBLIC) + leaked(systems.vendorTexts(), NOT_FOR_VENDORS);
    require(leaked == 0, leaked + " texts for others say what is internal");
    return new Result(figures(doubled, leaked, managers.size()), problems);
  }

  private void require(boolean met, String problem) {
    if (!met) {
      problems.add("stakeholders: " + problem);
    }
  }

  private void updates(String ticket, int late) {
    String number = reader.number(ticket);
    require(systems.channelsOf(ticket).size() == 1, number + " has no channel, or several");
    int reminders = reader.notices(ticket, Notice.REMINDER).size();
    require(reminders == 1, "%s was reminded of %d times".formatted(number, reminders));
    int overdue = reader.notices(ticket, Notice.ESCALATION).size();
    require(overdue == late, "%s was escalated %d times".formatted(number, overdue));
    int sent = reader.updates(ticket).size();
    require(sent == 2, "executives have %d updates of %s".formatted(sent, number));
  }

  private void page() {
    List<PageIncident> shown = systems.pageIncidents();
    require(shown.size() == 1, "%d incidents are on the status page".formatted(shown.size()));
    for (PageIncident incident : shown) {
      require(incident.resolvedAt() != null, incident.name() + " is not resolved on the page");
      for (String text : facts.approved) {
        long times = incident.updates().stream().filter(u -> u.body().equals(text)).count();
        require(times == 1, "the page shows %d times: %s".formatted(times, text));
      }
    }
  }

  private void channel(String ticket) {
    Stream<String> people =
        Stream.of(facts.internal, facts.approved, facts.vendor)
            .flatMap(List::stream)
            .filter(text -> !facts.unmarked.contains(text));
    List<String> written = systems.channelsOf(ticket).stream().map(SlackChannel::id)
        .flatMap(id -> systems.posted(id).stream()).toList();
    List<String> own = reader.markedMessages(ticket);
    people.forEach(
        text -> {
          long times = written.stream().filter(message -> message.contains(text)).count();
          long due = own.contains(text) ? 0 : 1;
          require(times == due, "the channel has %d times: %s".formatted(times, text));
        });
    for (String text : facts.unmarked) {
      require(
          reader.workNotes(ticket).stream().noneMatch(note -> note.contains(text)),
          "the ticket has what nobody made a note of: " + text);
    }
  }

  /** The vendor reads what callers read, once, and nothing else. */
  private void vendor(String ticket) {
    List<String> tickets = systems.vendorTickets(reader.number(ticket));
    require(tickets.size() == 1, "the vendor has %d tickets of it".formatted(tickets.size()));
    for (String theirs : tickets) {
      List<String> written = systems.ourNotesAtVendor(theirs);
      for (String text : facts.approved) {
        long times = written.stream().filter(note -> note.contains(text)).count();
        require(times == 1, "the vendor has %d times: %s".formatted(times, text));
      }
      require(
          written.size() == facts.approved.size(),
          "the vendor has %d notes of ours".formatted(written.size()));
      require(
          systems.vendorComments(theirs).containsAll(facts.vendor), "the vendor's notes are gone");
    }
  }

  private void timeline(String ticket) {
    String whole = String.join("\n", facts.timeline);
    Stream.of(
            Stream.of(reader.manager(ticket), facts.late),
            facts.approved.stream(),
            reader.notes(ticket).stream().map(NoteLine::text))
        .flatMap(texts -> texts)
        .forEach(
            text -> require(whole.contains(text), "the timeline does not contain: " + text));
  }

  /** A card that is repeated has the same id in its last line. */
  private int doubled() {
    int doubled = repeated(systems.cards().stream().map(TeamsCard::text).toList());
    for (SlackChannel channel : systems.channels()) {
      doubled += repeated(systems.posted(channel.id()));
    }
    for (PageIncident incident : systems.pageIncidents()) {
      doubled += repeated(incident.updates().stream().map(PageUpdate::body).toList());
    }
    return doubled;
  }

  private static int repeated(Collection<String> texts) {
    return texts.size() - new HashSet<>(texts).size();
  }

  private long leaked(List<String> texts, List<String> never) {
    return texts.stream()
        .filter(
            text -> Stream.concat(facts.internal.stream(), never.stream()).anyMatch(text::contains))
        .count();
  }

  private Summary.Stakeholders figures(int doubled, long leaked, int managers) {
    int messages =
        systems.channels().stream().mapToInt(channel -> systems.posted(channel.id()).size()).sum();
    return new Summary.Stakeholders(
        systems.channels().size(),
        messages,
        systems.pageIncidents().size(),
        systems.pageIncidents().stream().mapToInt(incident -> incident.updates().size()).sum(),
        vendorTickets(),
        doubled,
        (int) leaked,
        reader.notices(Notice.REMINDER).size(),
        reader.notices(Notice.ESCALATION).size(),
        (int) reader.cards(StakeholderSystems.EXECUTIVES).count(),
        late(),
        managers);
  }

  private int vendorTickets() {
    return Stream.of(facts.portal, facts.pharmacy)
        .flatMap(Optional::stream)
        .mapToInt(pair -> systems.vendorTickets(reader.number(pair.ticket())).size())
        .sum();
  }

  /** Updates that were sent after it was said that they are overdue. */
  private int late() {
    int late = 0;
    for (ScenarioRunner.LinkedPair pair :
        Stream.of(facts.portal, facts.pharmacy).flatMap(pair -> pair.stream()).toList()) {
      for (TeamsCard overdue : reader.notices(pair.ticket(), Notice.ESCALATION)) {
        boolean isSent =
            reader.updates(pair.ticket()).stream()
                .anyMatch(update -> update.at().isAfter(overdue.at()));
        late += isSent ? 1 : 0;
      }
    }
    return late;
  }
}
