package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.lockstep.command.ChatCommands;
import dev.lockstep.duplicates.DuplicateStep;
import dev.lockstep.incident.IncidentStep;
import dev.lockstep.intake.InboxWriter;
import dev.lockstep.intake.WebhookNormaliser;
import dev.lockstep.intake.WebhookResponder;
import dev.lockstep.intake.WebhookVerifier;
import dev.lockstep.poll.Poller;
import dev.lockstep.postmortem.PostmortemFolder;
import dev.lockstep.postmortem.followup.ActionItemStep;
import dev.lockstep.publish.ChatAnswers;
import dev.lockstep.publish.EmailChannel;
import dev.lockstep.publish.Outbox;
import dev.lockstep.publish.TeamsChannel;
import dev.lockstep.sync.ChosenValues;
import dev.lockstep.sync.CorrelationLoader;
import dev.lockstep.sync.NoteSync;
import dev.lockstep.sync.PairStarter;
import dev.lockstep.sync.PairSync;
import dev.lockstep.sync.Pass;
import dev.lockstep.sync.PinnedLinks;
import dev.lockstep.sync.Refresh;
import dev.lockstep.sync.RetriedNotes;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Camel finds the method of a step by its name, {@code isDue} also as {@code due}: where two match,
 * it depends on the order of reflection whether a route works.
 */
class RoutesTest {
  private static final Map<String, Class<?>> BEANS =
      Map.ofEntries(
          Map.entry("webhookVerifier", WebhookVerifier.class),
          Map.entry("webhookNormaliser", WebhookNormaliser.class),
          Map.entry("inboxWriter", InboxWriter.class),
          Map.entry("webhookResponder", WebhookResponder.class),
          Map.entry("correlationLoader", CorrelationLoader.class),
          Map.entry("actionItemStep", ActionItemStep.class),
          Map.entry("duplicateStep", DuplicateStep.class),
          Map.entry("pairStarter", PairStarter.class),
          Map.entry("refresh", Refresh.class),
          Map.entry("chosenValues", ChosenValues.class),
          Map.entry("pairSync", PairSync.class),
          Map.entry("noteSync", NoteSync.class),
          Map.entry("incidentStep", IncidentStep.class),
          Map.entry("retriedNotes", RetriedNotes.class),
          Map.entry("poller", Poller.class),
          Map.entry("postmortemFolder", PostmortemFolder.class),
          Map.entry("outbox", Outbox.class),
          Map.entry("emailChannel", EmailChannel.class),
          Map.entry("teamsChannel", TeamsChannel.class),
          Map.entry("chatCommands", ChatCommands.class),
          Map.entry("chatAnswers", ChatAnswers.class),
          Map.entry("pinnedLinks", PinnedLinks.class));

  private static final Pattern OF_BODY = Pattern.compile("\\$\\{body\\.(\\w+)}");

  @Test
  void everyStepNamesOneMethod() throws IOException {
    List<String> steps = new ArrayList<>();
    for (Path file : files()) {
      collect(new ObjectMapper(new YAMLFactory()).readTree(file.toFile()), steps);
    }
    assertThat(steps).hasSizeGreaterThan(15).contains("pairSync converge");
    for (String step : steps) {
      String[] parts = step.split(" ", 2);
      Class<?> bean = BEANS.get(parts[0]);
      assertThat(bean).as("the class of bean %s", parts[0]).isNotNull();
      assertThat(methods(bean, parts[1].replaceFirst("\\(.*", ""))).as(step).hasSize(1);
    }
  }

  @Test
  void everyQuestionToThePassIsOneMethod() throws IOException {
    for (Path file : files()) {
      List<String> asked =
          OF_BODY
              .matcher(Files.readString(file))
              .results()
              .map((MatchResult match) -> match.group(1))
              .toList();
      for (String name : asked) {
        assertThat(methods(Pass.class, name)).as("%s in %s", name, file).hasSize(1);
      }
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      return files.sorted().toList();
    }
  }

  private static void collect(JsonNode node, List<String> steps) {
    if (node.has("ref") && node.has("method")) {
      steps.add(node.path("ref").asText() + " " + node.path("method").asText());
    }
    node.forEach(child -> collect(child, steps));
  }

  /** By its whole name, or by the name of the property it reads. */
  private static List<Method> methods(Class<?> bean, String name) {
    String property = name.replaceFirst("^(is|get)(?=[A-Z])", "").toLowerCase(Locale.ROOT);
    return Stream.of(bean.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .filter(
            method ->
                method
                    .getName()
                    .replaceFirst("^(is|get)(?=[A-Z])", "")
                    .toLowerCase(Locale.ROOT)
                    .equals(property))
        .toList();
  }
}
