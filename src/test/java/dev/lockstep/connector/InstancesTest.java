package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ConnectorDefinitionException;
import dev.lockstep.ops.ConnectorFolders;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two systems of one connector: what they share, and what they must not. */
final class InstancesTest {
  private final Map<String, String> settings = ConnectorKit.settings(8080);
  private final List<Path> directories = new ArrayList<>(List.of(Path.of("connectors")));

  private ConnectorFolders folders(String... instances) {
    return new ConnectorFolders(directories, List.of(instances));
  }

  private List<String> problems(ConnectorFolders folders, String... used) {
    return new ConnectorSettingsCheck(
            folders,
            ConnectorKit.environment(settings),
            () -> {
              Map<String, Set<String>> mappings = new TreeMap<>();
              for (String system : used) {
                mappings.put(system, Set.of("incident.vendor"));
              }
              return mappings;
            })
        .problems();
  }

  private void vendor(Map<String, String> values) {
    values.forEach((name, value) -> settings.put("VENDOR_" + name, value));
  }

  private void completeVendor() {
    vendor(
        Map.of(
            "URL", "https://vendor.service-now.com",
            "USERNAME", "lockstep.partner",
            "PASSWORD", "another",
            "WEBHOOK_SECRET", "another-secret-for-tests"));
  }

  @Test
  void eachHasItsOwnValuesUnderItsOwnName() {
    completeVendor();
    settings.put("VENDOR_CALLS_PER_SECOND", "3");
    settings.put("SERVICENOW_POLL_INTERVAL", "7s");

    ConnectorCatalog catalog =
        ConnectorCatalog.load(
            folders("vendor=servicenow"), ConnectorKit.environment(settings), system -> true);
    ConnectorDefinition own = catalog.connector("servicenow");
    ConnectorDefinition vendor = catalog.connector("vendor");

    assertThat(own.title()).isEqualTo("ServiceNow");
    assertThat(vendor.title()).isEqualTo("ServiceNow (vendor)");
    assertThat(vendor.file()).isEqualTo("connectors/servicenow/connector.yaml");
    assertThat(vendor.kind("incident").url()).startsWith("https://vendor.service-now.com/nav_to");
    assertThat(own.kind("incident").url()).startsWith("http://localhost:8080/nav_to");
    assertThat(vendor.limits().rate().calls()).isEqualTo(3);
    assertThat(own.limits().rate().calls()).isEqualTo(100);
    assertThat(catalog.pollInterval("servicenow")).hasSeconds(7);
    assertThat(catalog.pollInterval("vendor")).hasSeconds(30);
    assertThat(vendor.errors())
        .anyMatch(error -> error.advice().startsWith("Check VENDOR_USERNAME and VENDOR_PASSWORD"));
    assertThat(vendor.requestKamelet().route()).isNotEqualTo(own.requestKamelet().route());
  }

  /** The subscription that sends to the house is not taken for that of the instance. */
  @Test
  void checksTheWebhookOfTheInstance() {
    ConnectorCatalog catalog =
        ConnectorCatalog.load(
            folders("emea=pagerduty"), ConnectorKit.environment(settings), system -> true);

    assertThat(catalog.connector("emea").checks().toString())
        .contains("/webhooks/emea")
        .doesNotContain("/webhooks/pagerduty", "PAGERDUTY_");
    assertThat(catalog.connector("pagerduty").checks().toString()).contains("/webhooks/pagerduty");
  }

  @Test
  void asksForTheSettingsOfAnInstanceByItsName() {
    settings.put("VENDOR_URL", "https://vendor.service-now.com");

    assertThat(problems(folders("vendor=servicenow"), "servicenow", "vendor"))
        .hasSize(3)
        .allMatch(line -> line.startsWith("VENDOR_"))
        .allMatch(line -> line.endsWith("(vendor is used by mappings/incident.vendor.yaml)"))
        .anyMatch(
            line ->
                line.contains(
                    "VENDOR_PASSWORD is missing: set it to the integration user's password (or set VENDOR_CLIENT_ID and VENDOR_CLIENT_SECRET)"));
  }

  @Test
  void anInstanceThatNoMappingNamesNeedsNothing() {
    assertThat(problems(folders("vendor=servicenow"), "servicenow")).isEmpty();
  }

  @Test
  void twoInstancesAreTwoSystems() {
    completeVendor();
    assertThat(problems(folders("vendor=servicenow"), "servicenow", "vendor")).isEmpty();

    settings.put("VENDOR_URL", "http://LOCALHOST:8080/");
    assertThat(problems(folders("vendor=servicenow"), "servicenow", "vendor"))
        .containsExactly(
            "servicenow and vendor are the same system, since VENDOR_URL has the value of SERVICENOW_URL: set it to that of the other system, or leave one of them out");
  }

  @Test
  void anAddressWithTheUsualPortIsTheSame() {
    completeVendor();
    settings.put("SERVICENOW_URL", "https://vendor.service-now.com:443");
    assertThat(problems(folders("vendor=servicenow"), "servicenow", "vendor"))
        .singleElement()
        .asString()
        .startsWith("servicenow and vendor are the same system");
    settings.put("SERVICENOW_URL", "https://vendor.service-now.com:8443");
    assertThat(problems(folders("vendor=servicenow"), "servicenow", "vendor")).isEmpty();
  }

  /** Otherwise one would be called at the other's address, with its own credentials. */
  @Test
  void noSettingIsReadByTwo() {
    settings.put("SLACK_WORKSPACE_TOKEN", "another-token");
    settings.put("SLACK_WORKSPACE_PAGE_ID", "page");
    assertThat(problems(folders("slack-workspace=statuspage"), "slack", "slack-workspace"))
        .contains(
            "LOCKSTEP_INSTANCES (lockstep.instances): 'slack-workspace' can't be an instance, since SLACK_WORKSPACE_URL is a setting of slack; give it another name");
  }

  @Test
  void accountsOfOneServiceAreToldApartByTheirTokens() {
    settings.put("EMEA_FROM", "lockstep@example.com");
    settings.put("EMEA_WEBHOOK_SECRETS", "another-secret-for-tests");
    settings.put("EMEA_TOKEN", "another-token");
    assertThat(problems(folders("emea=pagerduty"), "pagerduty", "emea")).isEmpty();

    settings.put("EMEA_TOKEN", "secret-token");
    assertThat(problems(folders("emea=pagerduty"), "pagerduty", "emea"))
        .singleElement()
        .asString()
        .startsWith("pagerduty and emea are the same system, since EMEA_TOKEN has the value of")
        .doesNotContain("secret-token");
  }

  @Test
  void webhooksOfTwoInstancesAreSignedWithTwoSecrets() {
    completeVendor();
    settings.put("VENDOR_WEBHOOK_SECRET", "third-secret-for-tests,webhook-secret-for-tests");

    assertThat(problems(folders("vendor=servicenow"), "servicenow", "vendor"))
        .containsExactly(
            "VENDOR_WEBHOOK_SECRET is the same secret as SERVICENOW_WEBHOOK_SECRET, so that what is signed for one would be accepted by the other: give each instance its own");
  }

  @Test
  void refusesAnInstanceThatNothingTellsApart() {
    assertThat(problems(folders("items=lockstep"), "items"))
        .singleElement()
        .asString()
        .startsWith(
            "LOCKSTEP_INSTANCES (lockstep.instances): 'items' can't be an instance of lockstep: no setting in connectors/lockstep/connector.yaml has `identifies: true`");
  }

  @Test
  void saysOnceThatAnInstanceIsWrong() {
    assertThat(problems(folders("vendor=servicenov"), "servicenow", "vendor"))
        .singleElement()
        .asString()
        .contains("there is no connector 'servicenov'");
  }

  /** Its records are in the database still: their other pairs, timelines and drafts go on. */
  @Test
  void anInstanceThatWasTakenOutIsNamedAndNotCalled() {
    RecordRef gone = new RecordRef("vendor", "incident", "1");
    try (ConnectorKit kit =
        new ConnectorKit(directories, settings, Clock.systemUTC(), Set.of("short_description"))) {
      assertThat(kit.connectors.title("vendor")).isEqualTo("vendor");
      assertThat(kit.connectors.isAppendOnly("vendor", "incident")).isFalse();
      assertThat(kit.connectors.takesNotes(gone, Visibility.INTERNAL)).isFalse();
      assertThatThrownBy(() -> kit.connectors.fetch(gone))
          .hasMessageContaining("no mapping in use names a system 'vendor'")
          .isInstanceOfSatisfying(
              RequestRejectedException.class,
              refused ->
                  assertThat(refused.advice()).startsWith("Restore it in LOCKSTEP_INSTANCES"));
    }
  }

  /** Its instances would all read the one setting. */
  @Test
  void refusesAnInstanceOfAConnectorWhoseSettingsHaveOtherNames(@TempDir Path own)
      throws IOException {
    Path folder = Files.createDirectory(own.resolve("desk"));
    for (String file : List.of("connector.yaml", "servicenow-request-action.kamelet.yaml")) {
      String text = Files.readString(Path.of("connectors/servicenow").resolve(file));
      Files.writeString(
          folder.resolve(file.replace("servicenow", "desk")),
          text.replace("SERVICENOW_URL}", "HELP_URL}")
              .replace("SERVICENOW_", "DESK_")
              .replace("servicenow-request", "desk-request"));
    }
    directories.add(own);

    assertThatThrownBy(
            () ->
                ConnectorCatalog.load(
                    folders("acme=desk"), ConnectorKit.environment(settings), "acme"::equals))
        .isInstanceOf(ConnectorDefinitionException.class)
        .hasMessageContaining(
            "HELP_URL does not begin with DESK_, so that the instance 'acme' would share it");
  }
}
