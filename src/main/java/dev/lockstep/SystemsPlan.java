package dev.lockstep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.lockstep.cli.ChangePlanner;
import dev.lockstep.dryrun.ChangePlan;
import dev.lockstep.dryrun.DryRun;
import dev.lockstep.ops.StartupException;
import dev.lockstep.sync.StartPolicies.OlderNotes;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
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
    all.put("camel.main.routes-exclude-pattern", "**/intake-webhook.yaml,**/run-command.yaml");
    all.put("spring.datasource.hikari.schema", schema);
    all.put("spring.flyway.default-schema", schema);
    all.put("lockstep.poll.first-look-back", request.lookBack().toSeconds() + "s");
    request.mappings().ifPresent(folder -> all.put("LOCKSTEP_MAPPINGS_DIR", folder.toString()));
    CompletableFuture<JdbcClient> database = new CompletableFuture<>();
    // On a signal, a start in progress is completed first: it has created the schema.
    Thread hook =
        new Thread(
            () ->
                database.thenAccept(known -> drop(known, schema)).handle((done, e) -> done).join());
    Runtime.getRuntime().addShutdownHook(hook);
    try (ConfigurableApplicationContext context =
        Application.start(all, DryRunApplication.class, WebApplicationType.NONE)) {
      database.complete(context.getBean(JdbcClient.class));
      try {
        ChangePlan plan =
            context
                .getBean(DryRun.class)
                .run(
                    new DryRun.Scope(
                        SERVICE_SCHEMA,
                        request.changed(),
                        request.pairs(),
                        request.selection().system(),
                        request.selection().kind(),
                        request.selection().query(),
                        request.most(),
                        new StartPolicy(
                            OlderNotes.valueOf(request.notes().name()), request.adoptBy())),
                    context.getBean(MappingRepository.class).inUse(),
                    observer::progress);
        return JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build()
            .valueToTree(plan);
      } finally {
        drop(database.join(), schema);
      }
    } finally {
      database.cancel(false);
      forget(hook);
    }
  }

  private static void drop(JdbcClient database, String schema) {
    database.sql("drop schema if exists " + schema + " cascade").update();
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook runs.
    }
  }
}
