package dev.lockstep;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which way dependencies point, and what no class may do. */
final class ArchitectureTest {
  private static final String ROOT = "dev.lockstep";

  /**
   * Stage to the stages it may use. {@code ops} is the floor: settings, start-up problems, the
   * database's address; {@code sandbox} proves something only while it shares nothing.
   */
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("record", List.of()),
          Map.entry("json", List.of()),
          Map.entry("ops", List.of()),
          Map.entry("audit", List.of("ops")),
          Map.entry("access", List.of("audit", "ops")),
          Map.entry("sandbox", List.of()),
          Map.entry("bench", List.of("similarity", "sandbox")),
          Map.entry("mapping", List.of("record", "json", "ops")),
          Map.entry("connector", List.of("record", "json", "ops")),
          Map.entry("pause", List.of("audit", "connector", "ops")),
          Map.entry("inbox", List.of("record", "audit", "connector", "pause", "ops")),
          Map.entry("pair", List.of("record", "audit", "mapping", "ops")),
          Map.entry("plan", List.of("record", "mapping", "pair")),
          Map.entry(
              "sync",
              List.of(
                  "record",
                  "audit",
                  "mapping",
                  "plan",
                  "pair",
                  "connector",
                  "pause",
                  "inbox",
                  "ops")),
          Map.entry("intake", List.of("record", "json", "mapping", "connector", "inbox", "ops")),
          Map.entry(
              "poll", List.of("record", "audit", "mapping", "pair", "connector", "inbox", "ops")),
          Map.entry("similarity", List.of()),
          Map.entry(
              "duplicates",
              List.of(
                  "record",
                  "audit",
                  "mapping",
                  "plan",
                  "pair",
                  "connector",
                  "inbox",
                  "sync",
                  "similarity",
                  "ops")),
          Map.entry(
              "postmortem",
              List.of(
                  "record",
                  "audit",
                  "mapping",
                  "plan",
                  "pair",
                  "connector",
                  "inbox",
                  "sync",
                  "intake",
                  "duplicates",
                  "ops")),
          Map.entry(
              "reconcile", List.of("record", "audit", "pair", "connector", "inbox", "sync", "ops")),
          Map.entry(
              "backfill",
              List.of("record", "audit", "mapping", "connector", "inbox", "poll", "sync", "ops")),
          Map.entry(
              "dryrun",
              List.of(
                  "record",
                  "audit",
                  "mapping",
                  "pair",
                  "connector",
                  "inbox",
                  "sync",
                  "poll",
                  "duplicates",
                  "ops")),
          Map.entry("publish", List.of("record", "connector", "pause", "inbox", "ops")),
          Map.entry(
              "communication",
              List.of(
                  "record",
                  "audit",
                  "connector",
                  "inbox",
                  "pair",
                  "sync",
                  "incident",
                  "publish",
                  "ops")),
          Map.entry(
              "command",
              List.of(
                  "record",
                  "access",
                  "audit",
                  "connector",
                  "pause",
                  "inbox",
                  "pair",
                  "intake",
                  "incident",
                  "publish",
                  "communication",
                  "trace",
                  "ops")),
          Map.entry("incident", List.of("record", "mapping", "pair", "inbox", "sync")),
          Map.entry(
              "problem",
              List.of(
                  "record",
                  "json",
                  "audit",
                  "mapping",
                  "pair",
                  "connector",
                  "inbox",
                  "sync",
                  "similarity",
                  "duplicates",
                  "incident",
                  "ops")),
          Map.entry(
              "retention", List.of("record", "audit", "mapping", "pair", "inbox", "sync", "ops")),
          Map.entry(
              "trace",
              List.of(
                  "record",
                  "audit",
                  "mapping",
                  "connector",
                  "pair",
                  "poll",
                  "sync",
                  "duplicates",
                  "incident",
                  "postmortem",
                  "ops")),
          Map.entry(
              "api",
              List.of(
                  "access",
                  "audit",
                  "record",
                  "connector",
                  "pause",
                  "inbox",
                  "poll",
                  "pair",
                  "sync",
                  "communication",
                  "duplicates",
                  "similarity",
                  "postmortem",
                  "problem",
                  "reconcile",
                  "backfill",
                  "trace",
                  "ops")),
          Map.entry(
              "console",
              List.of(
                  "record",
                  "audit",
                  "mapping",
                  "pair",
                  "connector",
                  "pause",
                  "inbox",
                  "sync",
                  "reconcile",
                  "backfill",
                  "dryrun",
                  "poll",
                  "similarity",
                  "communication",
                  "duplicates",
                  "postmortem",
                  "problem",
                  "trace",
                  "ops")),
          Map.entry("cli", List.of("audit", "postmortem", "ops")));

  /** Words of the systems that ship; another system must need no change here. */
  private static final Pattern SYSTEM_NAMES =
      Pattern.compile(
          "servicenow|service-now|pagerduty|jira|atlassian|incident-io|slack|statuspage");

  /** Classes that say what YAML can't about one system; each is named after it. */
  private static final Set<String> ABOUT_ONE_SYSTEM = Set.of();

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  static Stream<String> stages() {
    return MAY_USE.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("stages")
  void stageUsesOnlyTheStagesBeforeIt(String stage) {
    String[] forbidden =
        MAY_USE.keySet().stream()
            .filter(
                other ->
                    !other.equals(stage) && !MAY_USE.getOrDefault(stage, List.of()).contains(other))
            .map(ArchitectureTest::in)
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(in(stage))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(forbidden).or(JavaClass.Predicates.resideInAPackage(ROOT))));
  }

  @Test
  void everyStageIsInTheTable() throws IOException {
    for (String root : List.of("main", "sandbox")) {
      try (Stream<Path> folders = Files.list(Path.of("src", root, "java/dev/lockstep"))) {
        assertThat(folders.filter(Files::isDirectory).map(p -> p.getFileName().toString()))
            .isSubsetOf(MAY_USE.keySet());
      }
    }
  }

  @Test
  void stagesHaveNoCycles() {
    check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
  }

  /** The structure of a document, the text of an item, the vocabulary, Markdown. */
  @Test
  void postmortemParsingIsLayered() {
    String parse = ROOT + ".postmortem.parse.";
    usesNoneOf(parse + "markdown", parse + "vocabulary", parse + "item");
    usesNoneOf(parse + "vocabulary", parse + "item");
  }

  private static void usesNoneOf(String layer, String... above) {
    check(
        noClasses()
            .that()
            .resideInAPackage(layer)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(above));
  }

  @Test
  void vocabularyNeedsTheJdkOnly() {
    check(
        classes()
            .that()
            .resideInAPackage(in("record"))
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(in("record"), "java..", "org.jspecify.."));
  }

  @Test
  void pathsNeedTheJdkAndJacksonOnly() {
    check(
        classes()
            .that()
            .resideInAPackage(in("json"))
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(in("json"), "java..", "com.fasterxml.jackson..", "org.jspecify.."));
  }

  @Test
  void planningIsPure() {
    check(
        noClasses()
            .that()
            .resideInAPackage(in("plan"))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "org.springframework..",
                        "org.apache.camel..",
                        "com.fasterxml..",
                        "java.sql..",
                        "javax.sql..",
                        "java.io..",
                        "java.net..",
                        "java.nio.file..",
                        "org.slf4j..")
                    .or(
                        DescribedPredicate.describe(
                            "a clock", type -> type.isEquivalentTo(Clock.class)))));
  }

  @Test
  void camelStaysAtTheEdges() {
    onlyIn("org.apache.camel..", "connector", "intake", "poll", "publish", "ops");
  }

  @Test
  void tablesBelongToTheStagesThatRemember() {
    onlyIn(
        "java.sql..",
        "access",
        "audit",
        "inbox",
        "pair",
        "pause",
        "sync",
        "poll",
        "duplicates",
        "postmortem",
        "incident",
        "problem",
        "publish",
        "communication",
        "command",
        "reconcile",
        "backfill",
        "dryrun",
        "retention",
        "trace",
        "ops");
    onlyIn("javax.sql..", "inbox", "pair", "sync", "poll", "duplicates", "postmortem", "ops");
    onlyIn(
        "org.springframework.jdbc..",
        "access",
        "audit",
        "inbox",
        "pair",
        "pause",
        "sync",
        "poll",
        "duplicates",
        "postmortem",
        "incident",
        "problem",
        "publish",
        "communication",
        "command",
        "reconcile",
        "backfill",
        "dryrun",
        "retention",
        "trace",
        "ops");
  }

  @Test
  void timeComesFromAClock() {
    check(
        noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class));
  }

  @Test
  void onlyCommandsSpeakToTheTerminal() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, in("cli"))
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace"));
  }

  @Test
  void nothingIsInjectedIntoFields() {
    check(
        noFields()
            .should()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
            .orShould()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
            .orShould()
            .beAnnotatedWith("jakarta.inject.Inject"));
  }

  @Test
  void namesSayWhatAClassIs() {
    check(
        noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameStartingWith("Abstract")
            .orShould()
            .haveSimpleNameStartingWith("Base"));
  }

  /** Comments may give examples; code may not know. */
  @Test
  void coreNamesNoSystem() throws IOException {
    Path main = Path.of("src/main");
    try (Stream<Path> files = Files.walk(main)) {
      List<String> naming =
          files
              .filter(Files::isRegularFile)
              .map(file -> main.relativize(file).toString().replace('\\', '/'))
              // A key such as OPS-12 is called after the product by all who write postmortems.
              .filter(file -> !file.startsWith("java/dev/lockstep/postmortem/parse/"))
              .filter(file -> !ABOUT_ONE_SYSTEM.contains(file))
              .filter(file -> SYSTEM_NAMES.matcher(code(main.resolve(file))).find())
              .toList();
      assertThat(naming).as("files that name a system in their code").isEmpty();
    }
  }

  private static String code(Path file) {
    try {
      return Files.readString(file)
          .replaceAll("(?s)/\\*.*?\\*/", "")
          .replaceAll("(?m)(?<![:\"])//.*$", "")
          .replaceAll("(?m)^\\s*--.*$", "")
          .toLowerCase(Locale.ROOT);
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }

  private static void onlyIn(String library, String... stages) {
    String[] allowed =
        Stream.concat(Stream.of(ROOT, in("sandbox")), Stream.of(stages).map(ArchitectureTest::in))
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(allowed)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library));
  }

  private static String in(String stage) {
    return ROOT + "." + stage + "..";
  }

  /** A stage that is yet empty breaks no rule. */
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(MAIN);
  }
}
