package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.slack.SlackChannel;
import dev.lockstep.sandbox.teams.TeamsCard;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads from the simulated systems who was informed of what. Tickets are named by sys_id. */
final class StakeholderReader {
  private static final Pattern MANAGER = Pattern.compile("(\\S+@\\S+) is the incident manager");

  private final SimulatedSystems systems;

  /** A message about an update that nobody has sent. */
  enum Notice {
    REMINDER("is due at"),
    ESCALATION("is overdue since");

    private final String words;

    Notice(String words) {
      this.words = words;
    }
  }

  StakeholderReader(SimulatedSystems systems) {
    this.systems = systems;
  }

  private Stream<StakeholderSystems> stakeholders() {
    return systems.stakeholders().stream();
  }

  String number(String ticket) {
    return systems.serviceNow().value(ticket, "number");
  }

  /** Who leads the incident, by the last note that says so; empty if none does. */
  String manager(String ticket) {
    return systems.serviceNow().journal(ticket).stream()
        .map(JournalEntry::value)
        .map(MANAGER::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .reduce("", (earlier, later) -> later);
  }

  List<TeamsCard> notices(String ticket, Notice notice) {
    return notices(notice).stream()
        .filter(card -> card.text().contains(number(ticket)))
        .toList();
  }

  /** Of all incidents. */
  List<TeamsCard> notices(Notice notice) {
    return cards(StakeholderSystems.OPERATIONS)
        .filter(card -> card.title().contains(notice.words))
        .toList();
  }

  /** What executives were told of the incident, oldest first. */
  List<TeamsCard> updates(String ticket) {
    return cards(StakeholderSystems.EXECUTIVES)
        .filter(card -> card.text().contains(number(ticket)))
        .toList();
  }

  Stream<TeamsCard> cards(String workflow) {
    return stakeholders()
        .flatMap(all -> all.cards().stream())
        .filter(card -> card.workflow().equals(workflow));
  }

  /** The notes of people about the incident in its channel, and the vendor's comments. */
  List<NoteLine> notes(String ticket) {
    return stakeholders()
        .flatMap(
            all ->
                Stream.concat(
                    all.channelsOf(ticket).stream()
                        .map(SlackChannel::id)
                        .flatMap(channel -> all.marked(channel).stream()),
                    all.vendorTickets(number(ticket)).stream()
                        .flatMap(theirs -> all.vendorComments(theirs).stream())))
        .map(text -> new NoteLine(text, false, false))
        .toList();
  }

  /** The messages in the incident's channel that people marked as notes. */
  List<String> markedMessages(String ticket) {
    return stakeholders()
        .flatMap(
            all ->
                all.channelsOf(ticket).stream()
                    .flatMap(channel -> all.marked(channel.id()).stream()))
        .toList();
  }

  /** All work notes of a ticket. */
  List<String> workNotes(String ticket) {
    return systems.serviceNow().journal(ticket).stream()
        .filter(entry -> entry.element().equals("work_notes"))
        .map(JournalEntry::value)
        .toList();
  }
}
