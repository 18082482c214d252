package dev.lockstep.duplicates.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.duplicates.settings.DuplicateSettings.Mode;
import dev.lockstep.duplicates.settings.DuplicateSettings.Policy;
import dev.lockstep.ops.StartupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

final class DuplicateSettingsTest {
  private final StandardEnvironment environment = new StandardEnvironment();

  DuplicateSettingsTest() {
    environment
        .getPropertySources()
        .forEach(s -> environment.getPropertySources().remove(s.getName()));
    ConfigurationPropertySources.attach(environment);
  }

  @Test
  void proposesAndWaitsForPeopleUnlessToldOtherwise() {
    DuplicateSettings settings = read();
    assertThat(settings.policyFor("anything")).isEqualTo(DuplicateSettings.DEFAULT_POLICY);
    assertThat(settings.policy().mode()).isEqualTo(Mode.PROPOSE);
    assertThat(settings.embedding()).isTrue();
    assertThat(settings.closedWindow()).isEqualTo(Duration.ofHours(24));
    assertThat(settings.policy().propose()).isLessThanOrEqualTo(settings.policy().automatic());
  }

  @Test
  void readsTheFileAsPeopleWriteIt() {
    yaml(
        """
        lockstep:
          duplicates:
            mode: off
            embedding: no
            closed-window: 90m
            thresholds: {automatic: 0.9, propose: 0.7}
            services:
              "[Patient Records]": {mode: automatic, automatic: 0.95}
              Größe & Gewicht: {mode: propose}
              "[app.internal]":
                propose: 1
                automatic: 1
              911: {propose: 0}
              Commented Out:
        """);
    DuplicateSettings settings = read();
    assertThat(settings.policy()).isEqualTo(new Policy(Mode.OFF, 0.9, 0.7));
    assertThat(settings.embedding()).isFalse();
    assertThat(settings.closedWindow()).isEqualTo(Duration.ofMinutes(90));
    assertThat(settings.policyFor("patient records "))
        .isEqualTo(new Policy(Mode.AUTOMATIC, 0.95, 0.7));
    assertThat(settings.policyFor("GRÖßE & gewicht").mode()).isEqualTo(Mode.PROPOSE);
    assertThat(settings.policyFor("app.internal")).isEqualTo(new Policy(Mode.OFF, 1, 1));
    assertThat(settings.policyFor("911").propose()).isZero();
    assertThat(settings.policyFor("Billing")).isEqualTo(settings.policy());
  }

  @Test
  void aVariableWinsOverTheFile() {
    variables(
        Map.of(
            "LOCKSTEP_DUPLICATES_MODE", "Automatic",
            "LOCKSTEP_DUPLICATES_EMBEDDING", "false",
            "LOCKSTEP_DUPLICATES_CLOSED_WINDOW", "0",
            "LOCKSTEP_DUPLICATES_THRESHOLDS_AUTOMATIC", "0.99",
            "LOCKSTEP_DUPLICATES_THRESHOLDS_PROPOSE", "0.5"));
    yaml("lockstep.duplicates: {mode: propose, closedWindow: 1h, thresholds.propose: 0.1}");
    assertThat(read())
        .isEqualTo(
            new DuplicateSettings(
                new Policy(Mode.AUTOMATIC, 0.99, 0.5), false, Duration.ZERO, Map.of()));
  }

  @Test
  void readsNamesThatAreNotInKebabCaseToo() {
    yaml("lockstep.duplicates.closedWindow: 1h");
    assertThat(read().closedWindow()).isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mode: auto | lockstep.duplicates.mode: auto is not a mode; did you mean 'automatic'?",
        "mode: on | lockstep.duplicates.mode: true is not a mode; there is: automatic, off,"
            + " propose",
        "embedding: maybe | lockstep.duplicates.embedding: maybe is neither true nor false",
        "closed-window: -1h | lockstep.duplicates.closed-window: -1h is not a duration; write it"
            + " like",
        "closed-window: 24 | lockstep.duplicates.closed-window: 24 is not a duration",
        "closed-window: a day | lockstep.duplicates.closed-window: a day is not a duration",
        "thresholds.automatic: 85 | thresholds.automatic: 85 is not a number from 0 to 1; did you"
            + " mean 0.85?",
        "thresholds.automatic: 85% | 85% is not a number from 0 to 1; did you mean 0.85?",
        "thresholds.automatic: 500% | 500% is not a number from 0 to 1; write it like 0.85",
        "thresholds.propose: -0.1 | lockstep.duplicates.thresholds.propose: -0.1 is not a number"
            + " from 0 to 1",
        "thresholds.propose: NaN | NaN is not a number from 0 to 1; write it like 0.85",
        "thresholds.propose: 0.95 | lockstep.duplicates.thresholds: propose (0.95) is above"
            + " automatic (0.925); propose must",
        "treshold.propose: 0.5 | lockstep.duplicates.treshold.propose: no such setting; did you"
            + " mean 'thresholds.propose'?",
        "embeddings: true | lockstep.duplicates.embeddings: no such setting; did you mean"
            + " 'embedding'?",
        "mode: [off] | lockstep.duplicates.mode[0]: no such setting; there is: closed-window,"
            + " embedding, mode",
        "services: {VPN: {mod: off}} | services.VPN.mod: no such setting; did you mean 'mode'?",
        "services: {VPN: automatic} | services.VPN: no such setting; there is: automatic, mode,"
            + " propose",
        "services: {app.internal: {mode: off}} | write a service name that contains a dot in"
            + " brackets",
        "services: {VPN: {automatic: 0.4}} | lockstep.duplicates.services[VPN]: propose (0.5) is"
            + " above automatic (0.4)",
        "services: {VPN: {mode: of}} | lockstep.duplicates.services.VPN.mode: of is not a mode",
        "services: {VPN: {mode: off}, vpn: {mode: off}} | is listed twice",
      })
  void refusesWhatIsWrongInOneLineThatSaysHowToMendIt(String written, String expected) {
    yaml("lockstep:\n  duplicates:\n    " + written);
    assertThat(DuplicateSettingsReader.problems(environment))
        .singleElement()
        .asString()
        .contains(expected)
        .doesNotContain("\n");
    assertThatThrownBy(this::read).isInstanceOf(StartupException.class);
  }

  @Test
  void namesTheVariableWhenThatIsWrong() {
    variables(
        Map.of(
            "LOCKSTEP_DUPLICATES_MODE", "auto",
            "LOCKSTEP_DUPLICATES_TRESHOLDS_PROPOSE", "0.5",
            "LOCKSTEP_DUPLICATES_SERVICES_VPN_MODE", "off"));
    assertThat(DuplicateSettingsReader.problems(environment))
        .containsExactlyInAnyOrder(
            "LOCKSTEP_DUPLICATES_MODE: auto is not a mode; did you mean 'automatic'?",
            "LOCKSTEP_DUPLICATES_TRESHOLDS_PROPOSE: no such setting; did you mean"
                + " 'THRESHOLDS_PROPOSE'?",
            "LOCKSTEP_DUPLICATES_SERVICES_VPN_MODE: a variable cannot name a service; set it below"
                + " lockstep.duplicates.services in config/application.yaml");
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    yaml(
        """
        lockstep.duplicates:
          mode: perhaps
          thresholds: {automatic: 2, propose: 3}
          services: {VPN: {propose: x}}
        """);
    assertThat(DuplicateSettingsReader.problems(environment)).hasSize(4);
  }

  /** What is commented out in the file operators get is right as well, and says the defaults. */
  @Test
  void theShippedFileExplainsWhatHolds() throws IOException {
    String shipped = Files.readString(Path.of("config/application.yaml"), StandardCharsets.UTF_8);
    String section = shipped.replaceAll("(?s)^.*?\n(?=lockstep:\n)|\n\ncamel:.*", "");
    String live = section.replaceAll("(?m)^( *)#(?! \\S)", "$1");
    assertThat(live).contains("\n    mode:", "\n    services:");
    yaml(live);
    DuplicateSettings settings = read();
    assertThat(settings.policy()).isEqualTo(DuplicateSettings.DEFAULT_POLICY);
    assertThat(settings.closedWindow()).isEqualTo(DuplicateSettings.DEFAULT_CLOSED_WINDOW);
    assertThat(settings.embedding()).isTrue();
    assertThat(settings.policyFor("patient records").mode()).isEqualTo(Mode.AUTOMATIC);
  }

  @Test
  void theManualsExampleIsRight() throws IOException {
    String manual = Files.readString(Path.of("docs/operations.md"), StandardCharsets.UTF_8);
    yaml(manual.replaceAll("(?s)^.*?```yaml\n(?=lockstep:)|\n```.*", ""));
    DuplicateSettings settings = read();
    assertThat(settings.policy()).isEqualTo(DuplicateSettings.DEFAULT_POLICY);
    assertThat(settings.policyFor("Patient Records").automatic()).isEqualTo(0.95);
    assertThat(settings.policyFor("app.internal").mode()).isEqualTo(Mode.OFF);
  }

  @Test
  void theDocumentsTellTheDefaults() throws IOException {
    Policy policy = DuplicateSettings.DEFAULT_POLICY;
    String propose = String.format(Locale.ROOT, "%.2f", policy.propose());
    String automatic = Double.toString(policy.automatic());
    assertThat(Files.readString(Path.of("docs/operations.md"), StandardCharsets.UTF_8))
        .contains(
            "| `LOCKSTEP_DUPLICATES_THRESHOLDS_PROPOSE` | " + propose + " |",
            "| `LOCKSTEP_DUPLICATES_THRESHOLDS_AUTOMATIC` | " + automatic + " |",
            "| `LOCKSTEP_DUPLICATES_MODE` | `" + policy.mode().name().toLowerCase(Locale.ROOT));
    assertThat(Files.readString(Path.of("README.md"), StandardCharsets.UTF_8))
        .contains("| `" + propose + "`, `" + automatic + "` |");
  }

  private DuplicateSettings read() {
    return DuplicateSettingsReader.read(environment);
  }

  private void yaml(String text) {
    try {
      new YamlPropertySourceLoader()
          .load("file", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
          .forEach(environment.getPropertySources()::addLast);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void variables(Map<String, Object> variables) {
    environment
        .getPropertySources()
        .addLast(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
  }
}
