package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowPerson;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import dev.lockstep.sandbox.slack.SlackChannel;
import dev.lockstep.sandbox.slack.SlackMessage;
import dev.lockstep.sandbox.slack.SlackPerson;
import dev.lockstep.sandbox.slack.SlackSimulator;
import dev.lockstep.sandbox.slack.SlackOptions;
import dev.lockstep.sandbox.statuspage.PageIncident;
import dev.lockstep.sandbox.statuspage.StatuspageOptions;
import dev.lockstep.sandbox.statuspage.StatuspageSimulator;
import dev.lockstep.sandbox.teams.TeamsCard;
import dev.lockstep.sandbox.teams.TeamsSimulator;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Where people follow an incident without working on its ticket: Slack, a public status page,
 * channels of Microsoft Teams, and the ServiceNow of a vendor. Thread-safe.
 */
final class StakeholderSystems implements AutoCloseable {
  /** Executives read it. */
  static final String EXECUTIVES = "executives";

  /** Those who are to see that updates are sent read it. */
  static final String OPERATIONS = "operations";

  /** The reaction that makes a note of a message. */
  static final String MARK = "memo";

  /** Lockstep's account at the vendor. */
  private static final String PARTNER = "partner.4711";

  private static final String PARTNER_PASSWORD = "sandbox-partner-password";
  private static final String PARTNER_SECRET = "sandbox-partner-secret";
  private static final String ENGINEER = "vera";

  private static final String TOKEN = "xoxb-sandbox-token";
  private static final String SIGNING_SECRET = "sandbox-signing-secret";

  private final SlackSimulator slack;
  private final StatuspageSimulator page;
  private final TeamsSimulator teams;
  private final ServiceNowSimulator vendor;
  private final Map<String, SlackPerson> people = new ConcurrentHashMap<>();

  private StakeholderSystems(Clock clock) {
    slack =
        SlackSimulator.start(
            SlackOptions.defaults().clock(clock).token(TOKEN).signingSecret(SIGNING_SECRET));
    page = StatuspageSimulator.start(StatuspageOptions.defaults().withClock(clock));
    teams = TeamsSimulator.start(clock);
    vendor =
        ServiceNowSimulator.start(
            new ServiceNowOptions()
                .clock(clock)
                .faults(new Faults())
                .credentials(PARTNER, PARTNER_PASSWORD)
                .webhook(null, PARTNER_SECRET));
    vendor.seedUser(ENGINEER, "Vera Vogel", "vera@vendor.example");
  }

  static StakeholderSystems start(Clock clock) {
    return new StakeholderSystems(clock);
  }

  void person(String name, String email) {
    people.computeIfAbsent(
        email, any -> slack.person(SimulatedSystems.userName(email), name, email));
  }

  SlackPerson person(String email) {
    SlackPerson person = people.get(email);
    if (person == null) {
      throw new IllegalArgumentException("nobody in Slack has the address " + email);
    }
    return person;
  }

  /** What the public page shows the state of. */
  void component(String name) {
    page.component(name);
  }

  String slackUrl() {
    return slack.url();
  }

  String pageUrl() {
    return page.url();
  }

  /** What Lockstep needs to reach them. */
  Map<String, String> settings() {
    return Map.ofEntries(
        Map.entry("SLACK_URL", slack.url()),
        Map.entry("SLACK_WORKSPACE_URL", SlackSimulator.WORKSPACE_URL),
        Map.entry("SLACK_TOKEN", TOKEN),
        Map.entry("SLACK_SIGNING_SECRET", SIGNING_SECRET),
        Map.entry("SLACK_NOTE_REACTION", MARK),
        Map.entry("SLACK_CALLS_PER_MINUTE", "600"),
        Map.entry("SLACK_CLAIMED_WITHIN", "1s"),
        Map.entry("STATUSPAGE_URL", page.url()),
        Map.entry("STATUSPAGE_TOKEN", "sandbox-token"),
        Map.entry("STATUSPAGE_PAGE_ID", page.page()),
        Map.entry("STATUSPAGE_LISTED_WITHIN", "1s"),
        Map.entry("LOCKSTEP_INSTANCES", "vendor=servicenow"),
        Map.entry("VENDOR_URL", vendor.url()),
        Map.entry("VENDOR_USERNAME", PARTNER),
        Map.entry("VENDOR_PASSWORD", PARTNER_PASSWORD),
        Map.entry("VENDOR_WEBHOOK_SECRET", PARTNER_SECRET),
        Map.entry("VENDOR_POLL_INTERVAL", "2s"),
        Map.entry("EXECUTIVES_TEAMS_URL", teams.address(EXECUTIVES)),
        Map.entry("OPERATIONS_TEAMS_URL", teams.address(OPERATIONS)));
  }

  void sendWebhooksTo(String lockstep) {
    slack.events().target(URI.create(lockstep + "/webhooks/slack"));
    vendor.webhookTarget(URI.create(lockstep + "/webhooks/vendor"));
  }

  boolean webhooksIdle() {
    return slack.events().idle() && vendor.webhooksIdle();
  }

  /** The channels that were opened for a ticket; more than one is a fault. */
  List<SlackChannel> channelsOf(String ticket) {
    return slack.channels().stream()
        .filter(channel -> channel.purpose().contains("servicenow/incident/" + ticket))
        .toList();
  }

  List<SlackChannel> channels() {
    return slack.channels();
  }

  /** What the app wrote in a channel, oldest first. */
  List<String> posted(String channel) {
    return slack.posted(channel).stream().map(SlackMessage::text).toList();
  }

  /** What people wrote in a channel and marked as a note, oldest first. */
  List<String> marked(String channel) {
    return slack.messages(channel).stream()
        .filter(message -> message.reactions().containsKey(MARK))
        .map(SlackMessage::text)
        .toList();
  }

  List<PageIncident> pageIncidents() {
    return page.incidents();
  }

  /** The present state of a component of the page. */
  String stateOf(String component) {
    return page.statusOf(component);
  }

  /** Every text that anyone may read. */
  List<String> publicTexts() {
    return page.publicTexts();
  }

  /** What was posted to the channels of Teams, oldest first. */
  List<TeamsCard> cards() {
    return teams.cards();
  }

  String vendorUrl() {
    return vendor.url();
  }

  /** An engineer of the vendor. */
  ServiceNowPerson vendorEngineer() {
    return vendor.as(ENGINEER);
  }

  /** The vendor's tickets that stand for ours with this number, by sys_id; one is right. */
  List<String> vendorTickets(String number) {
    return vendor.records("incident").stream()
        .filter(ticket -> ticket.getOrDefault("short_description", "").startsWith(number + ":"))
        .map(ticket -> ticket.getOrDefault("sys_id", ""))
        .toList();
  }

  String vendorNumber(String sysId) {
    return vendor.value(sysId, "number");
  }

  /** What Lockstep wrote in the journal of a vendor's ticket. */
  List<String> ourNotesAtVendor(String sysId) {
    return journal(sysId, true);
  }

  /** What people of the vendor wrote for us. */
  List<String> vendorComments(String sysId) {
    return journal(sysId, false);
  }

  private List<String> journal(String sysId, boolean ours) {
    return vendor.journal(sysId).stream()
        .filter(entry -> entry.createdBy().equals(PARTNER) == ours)
        .filter(entry -> ours || entry.element().equals("comments"))
        .map(JournalEntry::value)
        .toList();
  }

  /** Every text that the vendor may read. */
  List<String> vendorTexts() {
    return vendor.records("incident").stream()
        .flatMap(
            ticket ->
                Stream.concat(
                    ticket.values().stream(),
                    vendor.journal(ticket.getOrDefault("sys_id", "")).stream()
                        .map(JournalEntry::value)))
        .toList();
  }

  /** By system and method. */
  Map<String, Map<String, Long>> calls() {
    Map<String, Map<String, Long>> calls = new LinkedHashMap<>();
    calls.put("slack", slack.calls().byMethod());
    calls.put("statuspage", page.calls().byMethod());
    calls.put("vendor", vendor.calls().byMethod());
    calls.put("teams", teams.calls().byMethod());
    return calls;
  }

  @Override
  public void close() {
    slack.close();
    page.close();
    teams.close();
    vendor.close();
  }
}
