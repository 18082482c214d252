package dev.lockstep.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.lockstep.mapping.MappingLoader.KnownSystem;
import dev.lockstep.ops.yaml.YamlProblem;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingLoaderTest {

  /** Small and right; each test spoils one line of it. */
  private static final String GOOD =
      """
      left: {system: servicenow, kind: incident}
      right: {system: pagerduty, kind: incident}
      starts:
        left: {field: status, in: ["1"]}
        right: always
      fields:
        title:
          owner: newest
          left: {path: short_description, max: 160}
          right: title
        status:
          owner: left
          left:
            path: state
            final: {"7": closed is closed}
            fill: {"6": {code: Solved}}
          right: {path: status}
          to-right:
            "1": triggered
            "6": resolved
            "7": resolved
          to-left:
            triggered: "1"
            resolved: "6"
        code:
          owner: left
          left: close_code
          right: {tell: {text: "Closed: {{value}}"}}
        group:
          owner: left
          left: {path: assignment_group, reference: group}
          right: {path: escalation_policy, reference: policy}
          pairs:
            - {left: Desk, right: Default}
            - {left: Net, right: Network}
      notes:
        to-right: {internal: internal, public: internal}
        to-left: {internal: internal, public: none}
      """;

  @TempDir private Path folder;

  @Test
  void loadsWhatIsShipped() {
    Mappings mappings = Shipped.mappings();

    assertThat(mappings.findByName("incident")).isPresent();
    assertThat(mappings.findByName("incident.servicenow-jira")).isEmpty();
    assertThat(mappings.forRecord("pagerduty", "incident"))
        .singleElement()
        .satisfies(place -> assertThat(place.side()).isEqualTo(Side.RIGHT));
    assertThat(mappings.forRecord("pagerduty", "service")).isEmpty();
  }

  @Test
  void rehearsesWithEveryRecordInScope() {
    Mapping mapping = Shipped.mappings().withEverythingInScope().all().get(0);

    assertThat(mapping.startsSync(Side.LEFT, Map.of("status", "7"))).isTrue();
    assertThat(mapping.startsSync(Side.RIGHT, Map.of())).isTrue();
  }

  @Test
  void loadsTheFileTheseTestsSpoil() throws IOException {
    assertThat(load(GOOD).all()).hasSize(1);
  }

  private static final String INCIDENT =
      """
      incident:
        left:
          priority: {field: code, levels: {P1: [net], P2: [disk, cpu]}}
          acknowledged: {field: status, in: ["1"]}
          resolved: {field: status, in: ["6"]}
          manager: title
      """;

  @Test
  void loadsWhatRecordsSayAboutAnIncident() throws IOException {
    IncidentRule rule = load(GOOD + INCIDENT).all().get(0).incident().orElseThrow();

    assertThat(rule.side()).isEqualTo(Side.LEFT);
    assertThat(rule.level(Map.of("code", "cpu"))).hasValue("P2");
    assertThat(rule.level(Map.of("code", "other"))).hasValue("");
    assertThat(rule.level(Map.of())).isEmpty();
    assertThat(rule.resolved().decide(Map.of("status", "6"))).hasValue(true);
    assertThat(rule.resolved().decide(Map.of("status", "1"))).hasValue(false);
    assertThat(rule.resolved().decide(Map.of())).isEmpty();
    assertThat(rule.major().decide(Map.of())).hasValue(false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          P2: [disk, cpu]  | P2: [disk, net] | 'net' is in P1 already; leave it in one level
          field: code      | field: cod      | 'cod' is not a field
          in: ["1"]        | in: ["99"]      | '99' is not one of the left values of 'status'
          manager: title   | manager: titel  | 'titel' is not a field
          left:            | both:           | both
          P1: [net]        | "1 2": [net]    | 1 2
          """)
  void refusesAnIncidentThatContradictsTheFields(String good, String bad, String said)
      throws IOException {
    assertThat(problems(GOOD + INCIDENT.replace(good, bad)).toString()).contains(said);
  }

  private static final String DUPLICATES =
      """
      duplicates:
        compare: {title: title, category: code}
        never: {left: {field: title, in: [hr]}}
        share-texts-if-same: [group, title]
        over:
          left: {field: status, in: ["6"]}
        follow:
          left:
            when: {field: status, in: ["6"]}
            fields: [status, code]
            instead: {status: {"7": "6"}}
            neutral: {code: Solved with its primary}
      """;

  @Test
  void loadsWhatDuplicatesAreComparedBy() throws IOException {
    DuplicateRules rules = load(GOOD + DUPLICATES).all().get(0).duplicates().orElseThrow();

    assertThat(rules.compared(Side.LEFT, Map.of("title", "Down", "code", "net")).category())
        .isEqualTo("net");
    assertThat(rules.isResolvedOrClosed(Side.LEFT, Map.of("status", "6"))).isTrue();
    assertThat(rules.isResolvedOrClosed(Side.RIGHT, Map.of("status", "resolved"))).isFalse();
    assertThat(rules.inScope(Side.RIGHT, Map.of())).isTrue();
    assertThat(rules.follows(Side.RIGHT)).isFalse();
    assertThat(rules.valuesFromPrimary(Side.LEFT, Map.of("status", "7", "code", "fixed"), true))
        .isEqualTo(Map.of("status", "6", "code", "fixed"));
    assertThat(rules.valuesFromPrimary(Side.LEFT, Map.of("status", "7", "code", "fixed"), false))
        .as("a free text is not shown, a value of a list is")
        .isEqualTo(Map.of("status", "6", "code", "Solved with its primary"));
  }

  @Test
  void keepsWhatIsConfidentialAndWhatIsForOthersApart() throws IOException {
    DuplicateRules rules = load(GOOD + DUPLICATES).all().get(0).duplicates().orElseThrow();

    assertThat(rules.inScope(Side.LEFT, Map.of("title", "net"))).isTrue();
    assertThat(rules.inScope(Side.LEFT, Map.of("title", ""))).isTrue();
    assertThat(rules.inScope(Side.LEFT, Map.of("title", "hr"))).isFalse();
    assertThat(rules.inScope(Side.LEFT, Map.of())).as("it is not shown").isFalse();
    assertThat(rules.inScope(Side.RIGHT, Map.of("title", "hr"))).isTrue();
    assertThat(rules.audience(Side.LEFT, Map.of("group", "Desk", "title", "a")))
        .containsExactly("Desk", "a");
    assertThat(rules.audience(Side.LEFT, Map.of("group", " ", "title", "a"))).isEmpty();
    assertThat(rules.audience(Side.LEFT, Map.of("title", "a"))).isEmpty();
  }

  @Test
  void shipsDuplicatesThatShareNoTextsByThemselves() {
    for (Mapping mapping : Shipped.all()) {
      mapping
          .duplicates()
          .ifPresent(
              rules -> {
                Map<String, String> primary =
                    Map.of(
                        "status",
                        "6",
                        "close-code",
                        "Dr. X",
                        "close-notes",
                        "Dr. X",
                        "resolution",
                        "Dr. X");
                assertThat(rules.valuesFromPrimary(Side.LEFT, primary, false).toString())
                    .doesNotContain("Dr. X");
                assertThat(rules.audience(Side.LEFT, primary)).isEmpty();
              });
    }
  }

  @Test
  void leadsDuplicatesOfJiraAsFarAsTheirCallersCanSayNo() {
    DuplicateRules rules = Shipped.named("incident.jira").duplicates().orElseThrow();

    assertThat(
            rules.valuesFromPrimary(
                Side.LEFT, Map.of("status", "Closed", "resolution", "Fixed"), true))
        .isEqualTo(Map.of("status", "Resolved", "resolution", "Fixed"));
    assertThat(rules.valuesFromPrimary(Side.LEFT, Map.of("status", "Done", "resolution", ""), true))
        .isEqualTo(Map.of("status", "Done"));
    assertThat(rules.isResolved(Side.LEFT, Map.of("status", "Closed"))).isTrue();
    assertThat(rules.isResolvedOrClosed(Side.LEFT, Map.of("status", "Canceled"))).isTrue();
    assertThat(rules.isResolved(Side.LEFT, Map.of("status", "Canceled"))).isFalse();
    assertThat(rules.isResolvedOrClosed(Side.LEFT, Map.of("status", "Pending"))).isFalse();
    assertThat(rules.isResolvedOrClosed(Side.RIGHT, Map.of("status", "resolved"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          title: title | title: titel | 'titel' is not a field; did you mean 'title'?
          category: code | categry: code | unknown key 'categry' in 'compare'; did you mean 'category'?
          title: title, | | key 'title' is missing in 'compare'; add it
          [status, code] | [status, coed] | 'coed' is not a field; did you mean 'code'?
          {"7": "6"} | {"7": "9"} | '9' is not one of the left values of 'status'; there is: 1, 6, 7
          instead: {status | instead: {title | 'title' is not in the list `fields`
          [group, title] | [group, titel] | 'titel' is not a field; did you mean 'title'?
          [group, title] | [] | share-texts-if-same
          in: [hr] | is: [hr] | unknown key 'is'
          field: title, in: [hr] | field: titel, in: [hr] | 'titel' is not a field; did you mean 'title'?
          neutral: {code: | neutral: {title: | 'title' is not in the list `fields`
          neutral: {code: Solved with its primary} | neutral: {status: "9"} | '9' is not one of the left values of 'status'
          when: {field: status, in: ["6"]} | when: {field: status, in: ["5"]} | '5' is not one of the left values of 'status'; there is: 1, 6, 7
          """)
  void refusesDuplicatesThatMakeNoSense(String good, String bad, String text) {
    String spoilt = DUPLICATES.replace(good, bad == null ? "" : bad);
    assertThat(spoilt).isNotEqualTo(DUPLICATES);

    assertThatThrownBy(() -> load(GOOD + spoilt))
        .isInstanceOf(InvalidMappingsException.class)
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          right: {system: pagerduty, kind | right: {system: pagerdutty, kind | 2 | system 'pagerdutty' is neither a folder in connectors/ nor an instance in LOCKSTEP_INSTANCES; did you mean 'pagerduty'?
          right: {system: pagerduty, kind | right: {system: servicenow, kind | 2 | left and right are the same records; use two systems
          starts: | start: | 3 | unknown key 'start'; did you mean 'starts'?
          notes: | note: | 1 | key 'notes' is missing; add it
          owner: newest | owner: nobody | 8 | 'nobody' is not valid in 'owner'; write one of left, right, newest
          owner: newest | ownr: newest | 8 | unknown key 'ownr' in 'title'; did you mean 'owner'?
          owner: newest | ownr: newest | 7 | key 'owner' is missing in 'title'; add it
          max: 160 | max: plenty | 9 | 'plenty' is not valid in 'max'; write a whole number or keys
          right: title | right: title[] | 10 | field 'title': 'title[]' is not a path; write keys joined by dots and list indexes as [0], for example assignments[0].assignee
          right: title | right: {max: 5} | 10 | field 'title': right has neither `path` nor `tell`; add one
          right: title | right: {path: title, paths: [a, b]} | 10 | field 'title': right has both `path` and `paths`; keep one
          resolved: "6" | resolved: "9" | 24 | field 'status': right value 'resolved' maps back to left '9', which `to-right` does not list; add it there; there is: 1, 6, 7
          resolved: "6" | resolved: "1" | 24 | field 'status': right value 'resolved' maps back to left '1', which maps to 'triggered'; map it to a left value that maps to 'resolved'
          resolved: "6" | other: "6" | 20 | field 'status': right value 'resolved' is not mapped back to a left value; add it to `to-left`, for example resolved: "6"
          "7": resolved | "6": resolved | 21 | the key '6' is duplicate, first used in line 20; keep one of them
          {"7": closed is closed} | {"8": closed is closed} | 15 | field 'status': '8' is not one of its left values; there is: 1, 6, 7
          {code: Solved} | {coed: Solved} | 16 | field 'status': fills 'coed', which is not a field; did you mean 'code'?
          fill: {"6": {code | fill: {"5": {code | 16 | field 'status': '5' is not one of its left values; there is: 1, 6, 7
          right: {path: status} | right: {path: title} | 17 | field 'status': right 'title' is already written by field 'title'; set `carried: never` on one of them
          right: {path: status} | right: {path: status, lines: one} | 17 | field 'status': table values are never joined; remove `lines`
          right: {path: status} | right: {path: status, max: 5} | 17 | field 'status': table values are never cut; remove `max`
          right: {path: status} | right: {path: status, default: gone} | 17 | field 'status': 'gone' is not one of its right values; there is: resolved, triggered
          {{value}} | {{title}} | 28 | field 'code': '{{title}}' is not a placeholder; only {{value}} is supported
          left: close_code | left: {tell: {text: x}} | 25 | field 'code': has no path on either side; give one a `path`
          left: Net, right: Network | left: Net, right: Default | 35 | field 'group': the pair 'Net' and 'Default' repeats a value; pairs are one to one, use `to-right` and `to-left` where several values map to one
          {field: status, in: ["1"]} | {field: state, in: ["1"]} | 4 | 'state' is not a field; did you mean 'status'?
          {field: status, in: ["1"]} | {field: status, in: ["2"]} | 4 | '2' is not one of the left values of 'status'; there is: 1, 6, 7
          {field: status, in: ["1"]} | {field: status} | 4 | not a condition; write always, never, {all: [...]}, {any: [...]}, {field: ..., in: [...]} or {field: ..., not-in: [...]}
          right: always | right: {field: code, in: [a]} | 5 | 'code' cannot be read on the right; use a field with a path there
          right: {path: status} | right: {path: status, not-with: [titel]} | 17 | field 'status': 'titel' is not a field; did you mean 'title'?
          right: {path: status} | right: {path: status, not-while: {field: status, in: [gone]}} | 17 | 'gone' is not one of the right values of 'status'; there is: resolved, triggered
          right: {path: status} | right: {path: status, not-while: {field: status}} | 17 | not a condition; write always, never, {all: [...]}, {any: [...]}, {field: ..., in: [...]} or {field: ..., not-in: [...]}
          public: none | public: nobody | 38 | 'nobody' is not valid in 'public'; write one of internal, public, none
          """)
  void refusesWithLineReasonAndCure(String good, String bad, int line, String text)
      throws IOException {
    assertThat(GOOD).contains(good);

    assertThat(problems(GOOD.replaceFirst(Pattern.quote(good), quoted(bad))))
        .contains(new YamlProblem(folder.resolve("a.yaml").toString(), line, text));
  }

  private static String quoted(String text) {
    return Matcher.quoteReplacement(text);
  }

  @Test
  void aChangeOrANoteMayDependOnTheOtherSide() throws IOException {
    Mapping mapping =
        load(GOOD.replace(
                    "triggered: \"1\"",
                    "triggered: {value: \"1\", unless: {field: status, in: [\"6\"]}}")
                .replace(
                    "resolved: \"6\"",
                    "resolved: {value: \"6\", while: {field: status, in: [\"1\"]}}")
                .replace(
                    "to-left: {internal: internal, public: none}",
                    "to-left: {internal: {as: public, unless: {field: status, in: [\"6\"]}},"
                        + " public: none}"))
            .all()
            .get(0);
    FieldMapping status = mapping.fields().get(1);

    assertThat(status.translate(Side.RIGHT, "triggered", null))
        .isEqualTo(new FieldMapping.Translation.To("1"));
    assertThat(status.isRelevant(Side.RIGHT, "triggered", Map.of("status", "6"))).isFalse();
    assertThat(status.isRelevant(Side.RIGHT, "triggered", Map.of("status", "1"))).isTrue();
    assertThat(status.isRelevant(Side.RIGHT, "resolved", Map.of("status", "1"))).isTrue();
    assertThat(status.isRelevant(Side.RIGHT, "resolved", Map.of("status", "7"))).isFalse();
    assertThat(mapping.notes().targetVisibility(Side.RIGHT, Visibility.INTERNAL))
        .contains(Visibility.PUBLIC);
    assertThat(mapping.notes().isHeld(Side.RIGHT, Visibility.INTERNAL, Map.of("status", "6")))
        .isTrue();
    assertThat(mapping.notes().isHeld(Side.RIGHT, Visibility.INTERNAL, Map.of("status", "1")))
        .isFalse();
    assertThat(mapping.notes().isHeld(Side.RIGHT, Visibility.PUBLIC, Map.of("status", "6")))
        .isFalse();
  }

  /** Some systems have priorities from 1 to 100. */
  private static final String RANGES =
      GOOD.replace(
              "triggered: \"1\"\n      resolved: \"6\"\n",
              "\"1..49\": \"1\"\n      \"50\": \"7\"\n      \"50..100\": \"6\"\n")
          .replace("\"1\": triggered", "\"1\": 20")
          .replace("\"6\": resolved\n      \"7\": resolved", "\"6\": 90\n      \"7\": 90");

  @Test
  void aTableMayHaveRangesOfNumbers() throws IOException {
    FieldMapping status = load(RANGES).all().get(0).fields().get(1);

    assertThat(status.translate(Side.LEFT, "6", null))
        .isEqualTo(new FieldMapping.Translation.To("90"));
    for (var one : Map.of("1", "1", "49", "1", "50", "7", "51", "6", "100", "6").entrySet()) {
      assertThat(status.translate(Side.RIGHT, one.getKey(), null))
          .as(one.getKey())
          .isEqualTo(new FieldMapping.Translation.To(one.getValue()));
    }
    assertThat(status.translate(Side.RIGHT, "101", null))
        .isInstanceOf(FieldMapping.Translation.Unmapped.class);
    assertThat(status.translate(Side.RIGHT, "high", null))
        .isInstanceOf(FieldMapping.Translation.Unmapped.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"50..100\": \"6\" | \"40..100\": \"6\" | 25 | field 'status': '40..100' overlaps '1..49';"
            + " let each number be in one of them",
        "\"6\": 90 | \"6\": 60..90 | 20 | field 'status': '60..90' is a range; write one value of"
            + " it",
        "\"6\": 90 | \"6\": 101 | 20 | field 'status': right value '101' is not mapped back to a"
            + " left value; add it to `to-left`, for example 101: \"6\"",
        "\"50..100\": \"6\" | \"50..100\": {value: \"6\", unless: {field: status, in: [\"1\"]}} |"
            + " 25 | a range has no `unless`, `while` or `gap`; write them for single numbers",
      })
  void refusesRangesThatMakeNoSense(String good, String bad, int line, String text)
      throws IOException {
    assertThat(RANGES).contains(good);
    assertThat(problems(RANGES.replace(good, bad)))
        .contains(new YamlProblem(folder.resolve("a.yaml").toString(), line, text));
  }

  @Test
  void refusesConditionsThatMakeNoSense() throws IOException {
    assertThat(conditioned("{value: \"1\", unless: {field: state, in: [\"1\"]}}"))
        .contains("'state' is not a field");
    assertThat(conditioned("{value: \"1\", unless: {field: status, in: [\"9\"]}}"))
        .contains("'9' is not one of the left values of 'status'");
    assertThat(conditioned("{value: \"1\"}")).contains("write either `unless` or `while`");
    assertThat(conditioned("{unless: always}")).contains("key 'value' is missing");
    assertThat(conditioned("{value: \"1\", unles: always}")).contains("did you mean 'unless'?");
    assertThat(problem("public: none}", "public: {as: none, while: {field: status, in: [\"1\"]}}}"))
        .contains("'none' is not valid");
    assertThat(
            problem("public: none}", "public: {as: public, while: {field: title, in: [], x: 1}}}"))
        .isNotEmpty();
    assertThat(problem("public: none}", "public: secret}")).contains("'secret' is not valid");
    assertThat(
            problem(
                "public: none}", "public: {as: public, while: {field: status, in: [triggered]}}}"))
        .contains("'triggered' is not one of the left values of 'status'");
  }

  private String conditioned(String entry) throws IOException {
    return problem("triggered: \"1\"", "triggered: " + entry);
  }

  private String problem(String good, String bad) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), GOOD.replace(good, bad));
    return refused().problems().toString();
  }

  @Test
  void refusesAMissingTable() throws IOException {
    String spoilt =
        GOOD.replace(
            """
                to-left:
                  triggered: "1"
                  resolved: "6"
            """,
            "");

    assertThat(problems(spoilt))
        .extracting(YamlProblem::line, YamlProblem::text)
        .containsExactly(
            tuple(
                11,
                "field 'status': `to-left` is missing; add it, or set `carried: never` on the"
                    + " left"));
  }

  @Test
  void refusesBrokenYamlAtItsLine() throws IOException {
    assertThat(problems(GOOD.replace("right: always", "right: [always")))
        .singleElement()
        .satisfies(problem -> assertThat(problem.line()).isBetween(5, 7));
  }

  @Test
  void tellsEverythingAtOnceInTheOrderOfFilesAndLines() throws IOException {
    Files.writeString(
        folder.resolve("a.yaml"),
        GOOD.replace("{code: Solved}", "{coed: Solved}").replace("right: title", "right: ti tle"));
    Files.writeString(folder.resolve("b.yaml"), GOOD.replace("owner: newest", "owner: me"));

    assertThat(refused().problems())
        .extracting(problem -> Path.of(problem.file()).getFileName() + ":" + problem.line())
        .containsExactly("a.yaml:10", "a.yaml:16", "b.yaml:8");
    assertThat(refused()).hasMessageStartingWith(folder.resolve("a.yaml") + ":10: field 'title'");
  }

  @Test
  void refusesFilesThatFormACycleAndNamesThem() throws IOException {
    Files.writeString(folder.resolve("a.yaml"), GOOD);
    Files.writeString(folder.resolve("b.yaml"), GOOD.replace("system: servicenow", "system: toy"));
    MappingLoader loader =
        new MappingLoader(
            Shipped.SCHEMA,
            Map.of(
                "servicenow", KnownSystem.UNREAD,
                "pagerduty", KnownSystem.UNREAD,
                "toy", KnownSystem.UNREAD));
    assertThat(loader.load(folder).all()).as("a tree").hasSize(2);

    Files.writeString(folder.resolve("c.yaml"), GOOD.replace("system: pagerduty", "system: toy"));

    assertThatThrownBy(() -> loader.load(folder))
        .isInstanceOf(InvalidMappingsException.class)
        .hasMessageStartingWith(folder.resolve("c.yaml") + ":1: ")
        .hasMessageContaining("servicenow/incident and toy/incident are connected by ")
        .hasMessageContaining("a.yaml and ")
        .hasMessageContaining(
            "b.yaml already, so that these files form a cycle; leave one of them out")
        .extracting(e -> ((InvalidMappingsException) e).problems().size())
        .isEqualTo(1);
  }

  @Test
  void refusesASecondMappingOfATreeThatComparesTicketsOrSaysWhatAnIncidentIs() {
    MappingLoader loader =
        new MappingLoader(
            Shipped.SCHEMA,
            Map.of(
                "servicenow", KnownSystem.UNREAD,
                "pagerduty", KnownSystem.UNREAD,
                "jira", KnownSystem.UNREAD));
    Path shipped = Path.of("mappings");
    assertThat(loader.load(shipped, Set.of("incident", "incident.servicenow-jira")).all())
        .hasSize(2);

    assertThatThrownBy(() -> loader.load(shipped, Set.of("incident", "incident.jira")))
        .isInstanceOf(InvalidMappingsException.class)
        .hasMessageContaining(
            "incident and incident.jira each have a section `duplicates` for the same"
                + " correlations; leave it out of all but one")
        .hasMessageContaining(
            "incident and incident.jira each have a section `incident` for the same"
                + " correlations; leave it out of all but one");
  }

  @Test
  void refusesTwoFilesForTheSamePair() throws IOException {
    Files.writeString(folder.resolve("a.yaml"), GOOD);
    Files.writeString(folder.resolve("b.yaml"), GOOD);

    assertThat(refused().problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.text())
                    .isEqualTo(
                        "servicenow and pagerduty are already mapped in %s; keep one file",
                        folder.resolve("a.yaml")));
  }

  @Test
  void refusesAFolderWithoutMappings() {
    assertThat(refused())
        .hasMessage(folder + ": the folder contains no mapping; add a *.yaml file");
    assertThatThrownBy(() -> Shipped.loader().load(folder.resolve("none")))
        .isInstanceOf(InvalidMappingsException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void takesWordsForWhatTheyLookLike() throws IOException {
    Mapping mapping =
        load(GOOD.replace("triggered: \"1\"", "triggered: 1")
                .replace("{code: Solved}", "{code: no}"))
            .all()
            .get(0);
    FieldMapping status = mapping.fields().get(1);

    assertThat(status.fill(Side.LEFT, "6")).containsEntry("code", "no");
    assertThat(status.agree("1", "triggered")).isTrue();
  }

  @Test
  void everyErrorIsOneLine() throws IOException {
    List<YamlProblem> problems = problems("fields: {Status: 3}\nleft: x\nnotes: []\n");

    assertThat(problems).isNotEmpty();
    assertThat(problems).allSatisfy(p -> assertThat(p.toString()).doesNotContain("\n"));
  }

  private Mappings load(String yaml) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), yaml);
    return new MappingLoader(
            Shipped.SCHEMA,
            Map.of("servicenow", KnownSystem.UNREAD, "pagerduty", KnownSystem.UNREAD))
        .load(folder);
  }

  private List<YamlProblem> problems(String yaml) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), yaml);
    return refused().problems();
  }

  private InvalidMappingsException refused() {
    return catchThrowableOfType(
        InvalidMappingsException.class, () -> Shipped.loader().load(folder));
  }
}
