package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ops.ConnectorFolders.SystemFolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several systems of one kind, each with a name and settings of its own. */
final class ConnectorFoldersTest {

  private static ConnectorFolders folders(String... instances) {
    return new ConnectorFolders(List.of(Path.of("connectors")), List.of(instances));
  }

  private static SystemFolder system(ConnectorFolders folders, String name) {
    return folders.all().stream()
        .filter(one -> one.system().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFolderIsASystemOfItsOwnName() {
    SystemFolder jira = system(folders(), "jira");

    assertThat(jira.isInstance()).isFalse();
    assertThat(jira.adapt("${JIRA_URL} of ${system}")).isEqualTo("${JIRA_URL} of jira");
  }

  @Test
  void anInstanceSharesTheFolderAndHasSettingsOfItsOwn() {
    ConnectorFolders folders = folders("emea-desk=servicenow", " ", "eu=incident-io");
    SystemFolder desk = system(folders, "emea-desk");

    assertThat(folders.problems()).isEmpty();
    assertThat(desk.folder()).isEqualTo(Path.of("connectors/servicenow"));
    assertThat(desk.connector()).isEqualTo("servicenow");
    assertThat(desk.isInstance()).isTrue();
    assertThat(desk.adapt("${SERVICENOW_URL}/x?by=${system}: check SERVICENOW_USERNAME"))
        .isEqualTo("${EMEA_DESK_URL}/x?by=emea-desk: check EMEA_DESK_USERNAME");
    // Not the setting of another connector, nor words.
    assertThat(desk.adapt("${MY_SERVICENOW_URL} ${JIRA_URL} servicenow_x SERVICENOW_"))
        .isEqualTo("${MY_SERVICENOW_URL} ${JIRA_URL} servicenow_x SERVICENOW_");
    assertThat(system(folders, "eu").adapt("${INCIDENT_IO_A:${INCIDENT_IO_B}}"))
        .isEqualTo("${EU_A:${EU_B}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "acme             | 'acme' is not an instance; write name=connector",
        "acme=jira=x      | 'acme=jira=x' is not an instance; write name=connector",
        "=jira            | '' is no name of an instance; write at most 40 lower-case letters",
        "Acme=jira        | 'Acme' is no name of an instance",
        "a/b=jira         | 'a/b' is no name of an instance",
        "a--b=jira        | 'a--b' is no name of an instance",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=jira | 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is no name",
        "slack=jira       | 'slack' is the name of a connector; give the instance another one",
        "acme=servicenov  | instance 'acme': there is no connector 'servicenov'; did you mean 'servicenow'?",
        "acme=            | instance 'acme': there is no connector ''",
        "database=jira    | 'database' can't be an instance, since other settings begin with DATABASE_",
        "lockstep-eu=jira | 'lockstep-eu' can't be an instance, since other settings begin with LOCKSTEP_",
      })
  void refusesWhatIsNoInstanceInOneLine(String instance, String problem) {
    assertThat(folders(instance).problems())
        .singleElement()
        .asString()
        .startsWith("LOCKSTEP_INSTANCES (lockstep.instances): " + problem)
        .hasLineCount(1);
  }

  @Test
  void refusesANameThatIsListedTwice() {
    assertThat(folders("acme=jira", "acme=servicenow").problems())
        .containsExactly(
            "LOCKSTEP_INSTANCES (lockstep.instances): 'acme' is listed twice; give each instance a name of its own");
  }

  /** The mapping that names it is not reported as well. */
  @Test
  void knowsTheNameOfAnInstanceThatIsRefused() {
    assertThat(folders("acme=servicenov").names()).contains("acme", "servicenow");
  }

  @Test
  void saysWhichDirectoryCannotBeRead() {
    assertThat(new ConnectorFolders(List.of(Path.of("nowhere")), List.of()).problems())
        .singleElement()
        .asString()
        .startsWith("nowhere can't be read (nowhere)");
  }
}
