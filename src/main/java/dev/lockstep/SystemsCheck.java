package dev.lockstep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.lockstep.cli.ConfigurationCheck;
import dev.lockstep.cli.ConfigurationCheck.RunningService;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.connector.CheckedKind;
import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.ConnectorChecks;
import dev.lockstep.connector.Finding;
import dev.lockstep.connector.ServiceWebhooks;
import dev.lockstep.connector.definition.TransitionDefinition;
import dev.lockstep.intake.definition.WebhookDefinition;
import dev.lockstep.intake.definition.WebhookDefinitions;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.mapping.References;
import dev.lockstep.publish.Channel;
import dev.lockstep.publish.ChannelKind;
import dev.lockstep.record.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Checks the configuration against the real systems with the parts of the service that calls need:
 * no database, no web server, no polling.
 */
final class SystemsCheck {

  /** Standard output belongs to the result, and the routes need the whole service. */
  static final Map<String, String> QUIET =
      Map.of(
          "camel.main.routes-include-pattern", "false",
          "logging.level.root", "off",
          "logging.level.lockstep", "off",
          "logging.level.dev.lockstep", "off",
          "logging.level.org.apache.camel", "off",
          "logging.level.org.apache.cxf", "off",
          "logging.level.org.apache.hc", "off");

  private SystemsCheck() {}

  /**
   * @param settings take precedence over all others
   * @throws dev.lockstep.ops.StartupException with one line per problem in settings and files
   */
  static JsonNode run(
      Map<String, String> settings, RunningService service, Duration webhookWithin) {
    Map<String, String> all = new HashMap<>(QUIET);
    all.putAll(settings);
    try (ConfigurableApplicationContext context =
        Application.start(all, CheckApplication.class, WebApplicationType.NONE)) {
      Mappings mappings = context.getBean(Mappings.class);
      List<Finding> findings =
          new ArrayList<>(
              context
                  .getBean(ConnectorChecks.class)
                  .run(
                      kinds(
                          mappings,
                          context.getBean(References.class),
                          context.getBean(ConnectorCatalog.class)),
                      eventTypes(context.getBean(WebhookDefinitions.class)),
                      system -> received(system, service),
                      webhookWithin));
      findings.addAll(
          channels(
              context.getBean(CommunicationSettings.class).channels(),
              context.getBeansOfType(ChannelKind.class).values()));
      return new ObjectMapper().valueToTree(findings);
    }
  }

  /** By the names of the channels. */
  private static List<Finding> channels(
      Map<String, Channel> channels, Collection<ChannelKind> kinds) {
    return new TreeMap<>(channels)
        .values().stream()
            .flatMap(
                channel ->
                    kinds.stream()
                        .filter(kind -> kind.name().equals(channel.kind()))
                        .map(kind -> kind.check(channel)))
            .toList();
  }

  /** What {@code GET /api/systems} says of a system. */
  private static ServiceWebhooks.Received received(String system, RunningService service) {
    try {
      return JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build()
          .treeToValue(webhooks(system, service.systems()), ServiceWebhooks.Received.class);
    } catch (ConfigurationCheck.UnavailableException e) {
      throw new ServiceWebhooks.UnknownException(String.valueOf(e.getMessage()));
    } catch (JsonProcessingException e) {
      throw new ServiceWebhooks.UnknownException("the service's answer cannot be read");
    }
  }

  private static ObjectNode webhooks(String system, JsonNode answer) {
    for (JsonNode one : answer.path("systems")) {
      if (one.path("system").asText().equals(system)
          && one.path("webhooks") instanceof ObjectNode webhooks) {
        return webhooks
            .deepCopy()
            .setAll(Map.of("now", answer.path("now"), "startedAt", answer.path("startedAt")));
      }
    }
    throw new ServiceWebhooks.UnknownException(
        "the service does not use the system " + system + "; was it started with these settings?");
  }

  private static List<CheckedKind> kinds(
      Mappings mappings, References references, ConnectorCatalog connectors) {
    Map<String, CheckedKind> kinds = new TreeMap<>();
    for (Mapping mapping : mappings.all()) {
      for (Side side : Side.values()) {
        String system = mapping.system(side);
        String kind = mapping.kind(side);
        if (connectors.systems().contains(system)) {
          kinds.computeIfAbsent(
              system + "/" + kind, name -> kind(mappings, system, kind, connectors, references));
        }
      }
    }
    return new ArrayList<>(kinds.values());
  }

  private static CheckedKind kind(
      Mappings mappings,
      String system,
      String kind,
      ConnectorCatalog connectors,
      References references) {
    TransitionDefinition moves = connectors.connector(system).kind(kind).moves();
    UsedReferences used = new UsedReferences(references);
    Set<String> paths = mappings.paths(system, kind, used);
    return new CheckedKind(
        system,
        kind,
        paths,
        used.byPath(),
        mappings.listedKeys(system, kind),
        mappings.pathsAtCreation(system, kind),
        mappings.pathsOfUpdates(system, kind),
        moves == null ? Map.of() : mappings.statesOf(system, kind, moves.field()));
  }

  /** By system, the types of events that its webhooks are used for. */
  static Map<String, Set<String>> eventTypes(WebhookDefinitions webhooks) {
    Map<String, Set<String>> types = new HashMap<>();
    for (String system : webhooks.systems()) {
      WebhookDefinition webhook = webhooks.find(system).orElseThrow();
      Set<String> used = new TreeSet<>(webhook.events().keySet());
      used.removeIf(type -> !webhook.uses(type));
      types.put(system, used);
    }
    return types;
  }
}
