package dev.lockstep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.lockstep.cli.ChangePlanner;
import dev.lockstep.dryrun.ChangePlan;
import dev.lockstep.dryrun.DryRun;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.ops.FileSettings;
import dev.lockstep.ops.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Plans what the service would write, in a process and a database schema of its own. */
final class SystemsPlan {
  /** The schema of the service's tables. */
  private static final String SERVICE_SCHEMA = "public";

  private SystemsPlan() {}

  /**
   * @param settings take precedence over all others
   * @throws StartupException with one line per problem in settings and files
   */
  static JsonNode run(
      Map<String, String> settings,
      ChangePlanner.Request request,
      ChangePlanner.Observer observer) {
    String schema = "plan_" + UUID.randomUUID().toString().replace("-", "");
    Map<String, String> all = new HashMap<>(SystemsCheck.QUIET);
    all.putAll(settings);
    all.put("camel.main.routes-include-pattern", "file:routes/*-*.yaml,file:routes/errors.yaml");
    all.put("camel.main.routes-exclude-pattern", "**/intake-webhook.yaml");
    all.put("spring.datasource.hikari.schema", schema);
    all.put("spring.flyway.default-schema", schema);
    all.put("lockstep.poll.first-look-back", request.lookBack().toSeconds() + "s");
    request.mappings().ifPresent(folder -> all.put("LOCKSTEP_MAPPINGS_DIR", folder.toString()));
    try (ConfigurableApplicationContext context =
        Application.start(all, DryRunApplication.class, WebApplicationType.NONE)) {
      try {
        ChangePlan plan =
            context
                .getBean(DryRun.class)
                .run(
                    new DryRun.Scope(
                        SERVICE_SCHEMA,
                        request.changed(),
                        request.pairs(),
                        request.kind(),
                        request.most()),
                    fingerprints(
                        context.getBean(Mappings.class), context.getBean(FileSettings.class)),
                    observer::progress);
        return JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build()
            .valueToTree(plan);
      } finally {
        context.getBean(JdbcClient.class).sql("drop schema " + schema + " cascade").update();
      }
    }
  }

  private static Map<String, String> fingerprints(Mappings mappings, FileSettings files) {
    Map<String, String> prints = new TreeMap<>();
    for (Mapping mapping : mappings.all()) {
      prints.put(mapping.name(), sha256(files.mappingsDir().resolve(mapping.name() + ".yaml")));
    }
    return prints;
  }

  private static String sha256(Path file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new StartupException("Can't read " + file + " (" + e + ")", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
