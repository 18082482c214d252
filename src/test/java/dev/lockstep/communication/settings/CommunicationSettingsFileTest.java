package dev.lockstep.communication.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.communication.settings.CommunicationSettings.Escalation;
import dev.lockstep.publish.ChannelKind;
import dev.lockstep.publish.ExampleKinds;
import dev.lockstep.record.Visibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommunicationSettingsFileTest {
  private static final String GOOD =
      """
      audiences:
        executives:
          title: Executives
          every: {P1: 15m, P2: 30m}
          first: 10m
          after-resolution: 20m
          subject: "{{key}} update {{number}}"
          template: executives.txt
          to: [{channel: mail}, {system: servicenow, visibility: internal}]
      remind-before: 5m
      remind: [manager, {channel: teams}]
      escalate:
        - {after: 10m, to: [{channel: teams}]}
        - {after: 0m, to: [manager]}
      channels:
        mail: {kind: email, to: [ann@example.com]}
        teams: {kind: teams, url: "${TEAMS_URL}"}
      """;

  @TempDir Path dir;
  private final Map<String, String> settings = new HashMap<>();
  private Optional<Set<String>> levels = Optional.of(Set.of("P1", "P2", "P3"));
  private List<ChannelKind> kinds = ExampleKinds.all("mail.example.com");

  @BeforeEach
  void templates() throws IOException {
    Files.createDirectory(dir.resolve("templates"));
    Files.writeString(dir.resolve("templates/executives.txt"), "{{title}}\n");
    settings.put("TEAMS_URL", "https://prod.example.com/workflows/1?sig=hunter2");
  }

  private CommunicationSettingsFile file(String yaml) throws IOException {
    ConfiguredIncidents incidents =
        new ConfiguredIncidents() {
          @Override
          public Set<String> systems() {
            return Set.of("servicenow", "pagerduty", "vendor");
          }

          @Override
          public Optional<Set<String>> levels() {
            return levels;
          }

          @Override
          public Set<String> onCallKinds(String system) {
            return system.equals("pagerduty")
                ? new java.util.TreeSet<>(Set.of("policy", "schedule", "escalation-policy"))
                : Set.of();
          }

          @Override
          public Set<String> systemsWithoutOwnNotes() {
            return Set.of("pagerduty");
          }

          @Override
          public boolean hasKey(String system, String onCallKind) {
            return !onCallKind.equals("schedule");
          }

          @Override
          public Optional<Set<String>> fields(String system) {
            return Optional.of(Set.of("title", "group", "status"));
          }
        };
    return new CommunicationSettingsFile(
        Files.writeString(dir.resolve("c.yaml"), yaml), incidents, kinds, settings::get);
  }

  /** The problems, without the name of the folder. */
  private List<String> problems(String yaml) throws IOException {
    return file(yaml).problems().stream().map(line -> line.replace(dir + "/", "")).toList();
  }

  @Test
  void readsWhoIsInformedAndWhere() throws IOException {
    CommunicationSettings read = file(GOOD).read();
    assertThat(file(GOOD).problems()).isEmpty();
    Audience audience = read.audience("executives").orElseThrow();
    assertThat(audience.interval("P2")).hasValue(Duration.ofMinutes(30));
    assertThat(audience.interval("P3")).isEmpty();
    assertThat(audience.first()).isEqualTo(Duration.ofMinutes(10));
    assertThat(audience.afterResolution()).isEqualTo(Duration.ofMinutes(20));
    assertThat(audience.subject().render(Map.of("key", "INC1", "number", 2)))
        .isEqualTo("INC1 update 2");
    assertThat(audience.to())
        .containsExactly(
            new Target.ToChannel("mail"), new Target.ToSystem("servicenow", Visibility.INTERNAL));
    assertThat(read.remind()).containsExactly(new Target.ToLead(), new Target.ToChannel("teams"));
    assertThat(read.escalate())
        .extracting(Escalation::after)
        .containsExactly(Duration.ZERO, Duration.ofMinutes(10));
    assertThat(read.find("teams").orElseThrow().url()).endsWith("sig=hunter2");
    assertThat(read.toString()).doesNotContain("hunter2");
  }

  private static final String MANAGERS =
      """
      incident-manager:
        levels: [P1, P2]
        within: 5m
        assign: automatic
        precedence: [major, longest-open]
        candidates:
          - {system: pagerduty, schedule: PX1}
          - ann@example.com
        escalate:
          - {after: 10m, to: [{channel: teams}]}
          - {after: 0m, to: [{system: servicenow, visibility: internal}]}
      on-call:
        levels: [P1]
        system: pagerduty
        policy: {field: group, services: {Portal: PX2}}
      channels:
        teams: {kind: teams, url: "${TEAMS_URL}"}
      """;

  private static final String VENDORS =
      """
      vendors:
        acme:
          title: Acme
          system: pagerduty
          every: {P1: 30m, P2: 2h}
          done: {group: [Returned]}
          escalate:
            - after: 30m
              to: [{channel: teams}]
            - after: 0m
              to: [{system: pagerduty, visibility: public}]
              inform: [{system: servicenow, visibility: internal}]
      channels:
        teams: {kind: teams, url: "${TEAMS_URL}"}
      """;

  @Test
  void readsWhichVendorsReport() throws IOException {
    assertThat(problems(VENDORS)).isEmpty();
    CommunicationSettings read = file(VENDORS).read();
    assertThat(read.vendorLevels()).containsExactlyInAnyOrder("P1", "P2");
    assertThat(read.vendors())
        .singleElement()
        .satisfies(
            vendor -> {
              assertThat(vendor.name()).isEqualTo("acme");
              assertThat(vendor.title()).isEqualTo("Acme");
              assertThat(vendor.interval("P2")).hasValue(Duration.ofHours(2));
              assertThat(vendor.done()).isEqualTo(Map.of("group", Set.of("Returned")));
              assertThat(vendor.escalate())
                  .containsExactly(
                      new Vendor.Step(
                          Duration.ZERO,
                          List.of(new Target.ToSystem("pagerduty", Visibility.PUBLIC)),
                          List.of(new Target.ToSystem("servicenow", Visibility.INTERNAL))),
                      new Vendor.Step(
                          Duration.ofMinutes(30),
                          List.of(new Target.ToChannel("teams")),
                          List.of()));
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~    system: pagerduty~ | ~    system: pagerdutty~ | 'pagerdutty' is no system of the"
            + " mappings in use; did you mean 'pagerduty'?",
        "{P1: 30m, P2: 2h} | {P1: 30s} | an interval is at least 1m",
        "{P1: 30m, P2: 2h} | {P7: 30m} | 'P7' is no level of the mappings in use",
        "done: {group: | done: {grup: | no mapping of pagerduty in use has a field 'grup'; did you mean 'group'?",
        "to: [{system: pagerduty | to: [{system: servicenow | 'to' is the vendor's side",
        "to: [{channel: teams}] | to: [manager] | 'to' is the vendor's side",
        "to: [{channel: teams}] | to: [{channel: team}] | 'team' is none of the channels",
        "servicenow, visibility: internal | servicenow, visibility: public | what Lockstep writes by itself is never public",
        "to: [{channel: teams}] | with: [{channel: teams}] | with",
      })
  void refusesAWrongVendor(String right, String wrong, String problem) throws IOException {
    String text = VENDORS.replace(right, wrong);
    assertThat(text).isNotEqualTo(VENDORS);
    assertThat(problems(text)).isNotEmpty().anyMatch(line -> line.contains(problem));
  }

  @Test
  void readsWhoLeadsIncidentsAndWhoIsOnCall() throws IOException {
    assertThat(problems(MANAGERS)).isEmpty();
    ManagerRules managers = file(MANAGERS).read().managers();
    assertThat(managers.levels()).containsExactly("P1", "P2");
    assertThat(managers.within()).isEqualTo(Duration.ofMinutes(5));
    assertThat(managers.automatic()).isTrue();
    assertThat(managers.precedence()).containsExactly(Precedence.MAJOR, Precedence.LONGEST_OPEN);
    assertThat(managers.candidates())
        .containsExactly(
            new ManagerCandidate.OnCall(new OnCallSource("pagerduty", "schedule", "PX1")),
            new ManagerCandidate.Person("ann@example.com"));
    assertThat(managers.escalate())
        .extracting(Escalation::after)
        .containsExactly(Duration.ZERO, Duration.ofMinutes(10));
    assertThat(file(MANAGERS).read().onCall())
        .isEqualTo(
            new OnCallRules(
                List.of("P1"), "pagerduty", "policy", "group", Map.of("Portal", "PX2")));
    String least =
        "incident-manager: {levels: [P1], within: 1m, escalate: [{after: 0m, to: [{system:"
            + " servicenow, visibility: internal}]}]}\n";
    assertThat(file(least).read().managers().precedence())
        .containsExactly(Precedence.LEVEL, Precedence.LONGEST_OPEN);
    assertThat(file(least).read().managers().automatic()).isFalse();
    assertThat(file(least).read().onCall()).isEqualTo(OnCallRules.OFF);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[P1, P2] | [P1, P9] | c.yaml:2: 'P9' is no level of the mappings in use; there is: P1, P2, P3",
        "within: 5m | within: 5s | c.yaml:3: within: at least 1m",
        "assign: automatic | assign: always | c.yaml:4: 'always' is not valid in 'assign'; write one"
            + " of propose, automatic",
        "longest-open | oldest | c.yaml:5: 'oldest' is not valid in '1'; write one of level, major,"
            + " longest-open, newest",
        "- ann@example.com | - ann | c.yaml:8: 'ann' is not an e-mail address; write one, or"
            + " {system: ..., schedule: ...}",
        "pagerduty, schedule | pagrduty, schedule | c.yaml:7: 'pagrduty' is no system of the mappings"
            + " in use; did you mean 'pagerduty'?",
        "pagerduty, schedule | servicenow, schedule | c.yaml:7: the connector of servicenow does not"
            + " tell who is on call",
        "schedule: PX1 | shedule: PX1 | c.yaml:7: pagerduty does not tell who is on call for"
            + " 'shedule'; did you mean 'schedule'?",
        "', schedule: PX1' | '' | c.yaml:7: write one of escalation-policy, policy, schedule",
        "{system: servicenow, visibility: internal} | {system: servicenow, visibility: public} |"
            + " c.yaml:11: what Lockstep writes by itself is never public",
        "field: group | field: gruop | c.yaml:15: no mapping of pagerduty in use has a field 'gruop';"
            + " did you mean 'group'?",
        "policy: {field | schedule: {field | c.yaml:15: no field of a mapping names a schedule of"
            + " pagerduty; write services",
        "policy: | polcy: | c.yaml:15: pagerduty does not tell who is on call for 'polcy'; did you"
            + " mean 'policy'?",
        "field: group | fild: group | c.yaml:15: unknown key 'fild' in 'policy'; did you mean 'field'?",
      })
  void refusesEachMistakeOfWhoLeadsInOneLine(String right, String wrong, String problem)
      throws IOException {
    String yaml = MANAGERS.replace(right, wrong);
    assertThat(yaml).isNotEqualTo(MANAGERS);
    assertThat(problems(yaml).get(0)).startsWith(problem).doesNotContain("\n");
  }

  @Test
  void automaticNeedsCandidates() throws IOException {
    String none = MANAGERS.replaceAll("(?s)  candidates:.*  escalate:", "  escalate:");
    assertThat(problems(none)).containsExactly("c.yaml:4: automatic needs candidates; name some");
  }

  @Test
  void theShippedFileAndNoFileInformNobody() throws IOException {
    Path shipped = Path.of("config", "communications.yaml");
    CommunicationSettingsFile read =
        new CommunicationSettingsFile(
            Files.copy(shipped, dir.resolve("shipped.yaml")), NOTHING, kinds, settings::get);
    assertThat(read.read()).isEqualTo(CommunicationSettings.OFF);
    assertThat(
            new CommunicationSettingsFile(dir.resolve("none"), NOTHING, kinds, settings::get)
                .read())
        .isEqualTo(CommunicationSettings.OFF);
  }

  /** What stands there commented out, with the templates that ship. */
  @Test
  void theShippedExampleIsValid() throws IOException {
    String example =
        Files.readString(Path.of("config", "communications.yaml")).replaceAll("(?m)^#(?! \\S)", "");
    for (String name : List.of("executives.txt", "customers.txt")) {
      Files.write(
          dir.resolve("templates").resolve(name),
          Files.readAllBytes(Path.of("config", "templates", name)));
    }
    settings.put("OPERATIONS_TEAMS_URL", "https://prod.example.com/workflows/1");
    assertThat(problems(example)).isEmpty();
    assertThat(file(example).read().audiences()).hasSize(2);
    assertThat(file(example).read().managers().isOn()).isTrue();
    assertThat(file(example).read().onCall().isOn()).isTrue();
  }

  private static final ConfiguredIncidents NOTHING =
      new ConfiguredIncidents() {
        @Override
        public Set<String> systems() {
          return Set.of();
        }

        @Override
        public Optional<Set<String>> levels() {
          return Optional.empty();
        }
      };

  /** Each in one line, with the file, the line and what to do. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "every: {P1     | evry: {P1                | c.yaml:4: unknown key 'evry' in 'executives';"
            + " did you mean 'every'?",
        "P1: 15m        | P9: 15m                  | c.yaml:4: 'P9' is no level of the mappings in"
            + " use; there is: P1, P2, P3",
        "P1: 15m        | P1: 15                   | c.yaml:4: '15' is not valid in 'P1'; write a"
            + " duration such as 15m",
        "P1: 15m        | P1: 30s                  | c.yaml:4: an interval is at least 1m",
        "P1: 15m        | P1: 5m                   | c.yaml:4: an interval must be longer than"
            + " remind-before",
        "executives.txt | board.txt                | c.yaml:8: there is no template 'board.txt' in"
            + " templates",
        "executives.txt | ../c.yaml                | c.yaml:8: there is no template '../c.yaml' in"
            + " templates",
        "{{number}}     | {{nmber}}                | c.yaml:7: {{nmber}}: no such value; did you"
            + " mean 'number'?",
        "{channel: mail}| {channel: mial}          | c.yaml:9: 'mial' is none of the channels; did"
            + " you mean 'mail'?",
        "servicenow     | servicenew               | c.yaml:9: 'servicenew' is no system of the"
            + " mappings in use; did you mean 'servicenow'?",
        "internal       | secret                   | c.yaml:9: 'secret' is not valid in"
            + " 'visibility'; write one of internal, public",
        "[manager,      | [{system: servicenow, visibility: public}, | c.yaml:11: what Lockstep"
            + " writes by itself is never public; write visibility: internal",
        "[manager,      | [{system: pagerduty, visibility: internal}, | c.yaml:11: Lockstep writes"
            + " nothing of its own in pagerduty, since its mapping says `own: none`; name another"
            + " target",
        "[manager]      | [boss]                   | c.yaml:14: 'boss' is not valid in '0'; write"
            + " one of manager",
        "after: 10m     | aftr: 10m                | c.yaml:13: unknown key 'aftr' in '0'; did you"
            + " mean 'after'?",
        "kind: email    | kind: mail               | c.yaml:16: 'mail' is no kind of channel; did"
            + " you mean 'email'?",
        "ann@example.com| ann                      | c.yaml:16: to: 'ann' is not an e-mail address",
        "${TEAMS_URL}   | ${TEAMS_URI}             | c.yaml:17: url: TEAMS_URI is not set; set it,"
            + " or write the value here",
        "${TEAMS_URL}   | http://example.com/hunter2 | c.yaml:17: url: not an address that begins"
            + " with https://; copy it from the workflow",
        "${TEAMS_URL}\" | ${TEAMS_URL}\", to: [x]  | c.yaml:17: a channel of the kind teams has no"
            + " 'to'",
        "kind: teams, url: \"${TEAMS_URL}\" | kind: teams | c.yaml:17: key 'url' is missing in"
            + " 'teams'; add it",
        "remind-before: 5m | remind-before: [5m    | c.yaml:10: '[' of this line is not closed",
      })
  void refusesEachMistakeInOneLine(String right, String wrong, String problem) throws IOException {
    String yaml = GOOD.replace(right, wrong);
    assertThat(yaml).isNotEqualTo(GOOD);
    List<String> problems = problems(yaml);
    assertThat(problems.get(0)).startsWith(problem).doesNotContain("hunter2", "\n");
  }

  /**
   * Each target may be written in one of three ways: each is compared with the one that was meant.
   */
  @Test
  void saysOfEachTargetWhatIsWrongWithIt() throws IOException {
    assertThat(
            problems(
                GOOD.replace(
                    "[manager, {channel: teams}]",
                    "[{chanel: teams}, {system: servicenow, visibility: private}, boss]")))
        .containsExactly(
            "c.yaml:11: unknown key 'chanel' in '0'; did you mean 'channel'?",
            "c.yaml:11: key 'channel' is missing in '0'; add it",
            "c.yaml:11: 'private' is not valid in 'visibility'; write one of internal, public",
            "c.yaml:11: 'boss' is not valid in '2'; write one of manager");
  }

  @Test
  void refusesTemplatesThatCannotBeFilled() throws IOException {
    Path template = dir.resolve("templates/executives.txt");
    Files.writeString(template, "{{title}}\n\n{{#next}}x{{/next}}\n{{titel}} {{> other}}\n");
    assertThat(problems(GOOD))
        .containsExactly(
            "templates/executives.txt:4: {{titel}}: no such value; did you mean 'title'?",
            "templates/executives.txt:4: {{>other}}: templates cannot include others");

    Files.writeString(template, "{{title}}\n{{#next}}x\n");
    assertThat(problems(GOOD))
        .singleElement()
        .asString()
        .startsWith("templates/executives.txt:")
        .contains("not a template: ", "next");

    Files.write(template, new byte[] {'x', (byte) 0xff, '\n'});
    assertThat(problems(GOOD)).singleElement().asString().contains("cannot be read as UTF-8");
  }

  @Test
  void emailNeedsAMailServer() throws IOException {
    kinds = ExampleKinds.all("");
    assertThat(problems(GOOD))
        .contains(
            "c.yaml:11: manager: e-mail needs a mail server; set LOCKSTEP_SMTP_HOST",
            "c.yaml:16: kind: e-mail needs a mail server; set LOCKSTEP_SMTP_HOST");
  }

  @Test
  void levelsNeedAMapping() throws IOException {
    levels = Optional.of(Set.of());
    assertThat(problems(GOOD))
        .contains(
            "c.yaml:4: no mapping in use has a section 'incident', so no incident has a level");
    levels = Optional.empty();
    assertThat(problems(GOOD)).as("mappings that cannot be read are reported elsewhere").isEmpty();
  }

  @Test
  void valuesAreNotTemplates() {
    UpdateTemplate template =
        UpdateTemplate.compile(
            "t", 1, "{{title}}|{{#records}}{{system}} {{/records}}|{{manager}}", problem -> {});
    String hostile = "{{manager}} <b>&amp; ${x}";
    assertThat(
            template.render(
                Map.of(
                    "title",
                    hostile,
                    "records",
                    List.of(Map.of("system", "a"), Map.of("system", "b")),
                    "manager",
                    "")))
        .isEqualTo(hostile + "|a b |");
  }
}
