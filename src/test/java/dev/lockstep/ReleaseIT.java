package dev.lockstep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.Launch;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The release runs where it is unpacked: without Maven, sources and the tools of a JDK. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReleaseIT {
  private static final String BOT = "lockstep@example.com";

  /** What common Java runtime images hold; a JDK has compilers, debuggers and jlink besides. */
  private static final String ONLY_A_RUNTIME =
      "--limit-modules java.se,jdk.charsets,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.httpserver,"
          + "jdk.jfr,jdk.localedata,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,"
          + "jdk.nio.mapmode,jdk.random,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.xml.dom,"
          + "jdk.zipfs";

  /** A first start prepares the quick start besides, and here starts without it. */
  private static final Duration START = Duration.ofMinutes(4);

  @TempDir static Path elsewhere;
  private static Path release;

  @BeforeAll
  static void unpack() throws Exception {
    Path archive = Path.of("target", "lockstep-" + version() + ".tar.gz");
    Path folder = Files.createDirectory(elsewhere.resolve("a folder"));
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive.toAbsolutePath().toString())
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    release = folder.resolve("lockstep-" + version());
  }

  private static String version() throws IOException {
    try (JarFile jar = new JarFile(Path.of("target", "lockstep.jar").toFile())) {
      return jar.getManifest().getMainAttributes().getValue("Implementation-Version");
    }
  }

  @Test
  void checksRunsAndStops() throws Exception {
    try (ServiceNowSimulator serviceNow =
            ServiceNowSimulator.start(new ServiceNowOptions().credentials("lockstep", "password"));
        PagerDutySimulator pagerDuty = PagerDutySimulator.start(PagerDutyOptions.defaults())) {
      pagerDuty.user("Lockstep", BOT);
      pagerDuty.webhooks().target(URI.create("http://127.0.0.1:9/webhooks/pagerduty"));
      Map<String, String> settings = settings(serviceNow, pagerDuty);

      Process check = start(settings, "check");
      assertThat(check.waitFor()).isZero();
      assertThat(Files.readString(log("check"))).contains("\"PASS\"").doesNotContain("\"FAIL\"");

      settings.put("LOCKSTEP_JAVA_OPTS", ONLY_A_RUNTIME);
      Process run = start(settings, "run");
      try {
        awaitReady(run, settings.get("LOCKSTEP_PORT"));
        assertThat(imagesHealthCheck(settings.get("LOCKSTEP_PORT"))).isZero();
      } finally {
        run.destroy();
      }
      assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(imagesHealthCheck(settings.get("LOCKSTEP_PORT"))).isNotZero();
      assertThat(run.exitValue()).isZero();
      assertThat(Files.readAllLines(log("run"))).last().asString().endsWith(" Stopped");
      assertThat(release.resolve("data/postgres")).isDirectory();
    }
  }

  private static Map<String, String> settings(
      ServiceNowSimulator serviceNow, PagerDutySimulator pagerDuty) {
    Map<String, String> settings = new HashMap<>();
    settings.put("LOCKSTEP_MAPPINGS", "incident");
    settings.put("LOCKSTEP_PORT", Integer.toString(Launch.freePort()));
    settings.put("PAGERDUTY_URL", pagerDuty.url());
    settings.put("PAGERDUTY_TOKEN", "sandbox-token");
    settings.put("PAGERDUTY_FROM", BOT);
    settings.put("PAGERDUTY_WEBHOOK_SECRETS", "sandbox-webhook-secret");
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "password");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "sandbox-webhook-secret");
    return settings;
  }

  private static void awaitReady(Process run, String port) {
    Awaitility.await("ready; its log: " + log("run"))
        .atMost(START)
        .pollInterval(Duration.ofMillis(100))
        .failFast("it ended", () -> !run.isAlive())
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () ->
                ((HttpURLConnection)
                            URI.create("http://127.0.0.1:" + port + "/health/ready")
                                .toURL()
                                .openConnection())
                        .getResponseCode()
                    == 200);
  }

  /** The exit code of what the image is checked with. */
  private static int imagesHealthCheck(String port) throws Exception {
    String check =
        Pattern.compile("(?s)HEALTHCHECK .*?CMD (\\[.*?])\n")
            .matcher(Files.readString(Path.of("packaging", "docker", "Dockerfile")))
            .results()
            .findFirst()
            .orElseThrow()
            .group(1);
    ProcessBuilder builder =
        new ProcessBuilder(new ObjectMapper().readValue(check, String[].class)).inheritIO();
    builder.environment().put("LOCKSTEP_PORT", port);
    return builder.start().waitFor();
  }

  /** What the image copies, in the order in which it changes. */
  @Test
  void theImageIsMadeOfTheJarsLayers() throws IOException {
    List<String> layers;
    try (JarFile jar = new JarFile(Path.of("target", "lockstep.jar").toFile())) {
      String index =
          new String(jar.getInputStream(jar.getEntry("BOOT-INF/layers.idx")).readAllBytes(), UTF_8);
      layers =
          index
              .lines()
              .filter(line -> line.startsWith("- "))
              .map(line -> line.replaceAll("[^a-z-]|^- ", ""))
              .toList();
    }
    assertThat(Files.readAllLines(Path.of("packaging", "docker", "Dockerfile")))
        .filteredOn(line -> line.startsWith("COPY --from="))
        .containsExactlyElementsOf(
            layers.stream()
                .map(layer -> "COPY --from=build /layers/%s/ app/".formatted(layer))
                .toList());
  }

  /** First, since it prepares the start of the others. That it plays to its end proves DemoIT. */
  @Test
  @Order(1)
  void startsTheDemoAndPreparesAQuickStart() throws Exception {
    Process demo = start(Map.of(), "demo");
    try {
      Awaitility.await("the demo; its output: " + log("demo"))
          .atMost(START)
          .failFast("it ended", () -> !demo.isAlive())
          .until(() -> Files.readString(log("demo")).contains("Lockstep is ready"));
    } finally {
      demo.destroy();
    }
    assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
    try (Stream<Path> app = Files.list(release.resolve("app"))) {
      assertThat(app.filter(path -> path.toString().endsWith(".jsa")))
          .singleElement()
          .satisfies(archive -> assertThat(Files.size(archive)).isGreaterThan(1_000_000));
    }
  }

  @Test
  void completesCommandsInBash() throws Exception {
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                ". completion/lockstep; COMP_WORDS=(lockstep \"$1\"); COMP_CWORD=1;"
                    + " _complete_lockstep; echo ${COMPREPLY[@]}",
                "bash",
                "")
            .directory(release.toFile())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(bash.getInputStream().readAllBytes(), UTF_8).strip().split(" "))
        .contains("run", "check", "pairs", "dead-letters", "demo")
        .doesNotContain("completion");
  }

  private static Path log(String command) {
    return elsewhere.resolve(command + ".log");
  }

  private static Process start(Map<String, String> settings, String command) throws IOException {
    ProcessBuilder builder =
        Launch.apart(List.of(release.resolve("lockstep").toString(), command))
            .directory(elsewhere.toFile())
            .redirectOutput(log(command).toFile());
    builder.environment().putAll(settings);
    return builder.start();
  }
}
