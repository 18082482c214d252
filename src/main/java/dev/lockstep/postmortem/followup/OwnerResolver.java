package dev.lockstep.postmortem.followup;

import dev.lockstep.connector.Connectors;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Resolves the name of an owner to exactly one user, or gives the reason why that is not possible.
 * Never guesses.
 */
@Component
public class OwnerResolver {
  private static final String BY_EMAIL = "user";
  private static final List<String> BY_NAME = List.of("user-login", "user-name");

  private final Connectors connectors;
  private final PostmortemSettings settings;

  /**
   * @param email empty if no user was found
   * @param problem why not; empty if one was found
   */
  public record ResolvedOwner(String email, String problem) {}

  public OwnerResolver(Connectors connectors, PostmortemSettings settings) {
    this.connectors = connectors;
    this.settings = settings;
  }

  /**
   * @param system where the user must be known
   * @param written an e-mail address, a user name, a full name or a handle
   */
  public ResolvedOwner find(String system, String written) {
    String person = settings.resolvePerson(written);
    Set<String> emails = new LinkedHashSet<>();
    byEmail(system, person).ifPresent(emails::add);
    for (String reference : emails.isEmpty() ? BY_NAME : List.<String>of()) {
      emails.addAll(emails(system, reference, person));
    }
    if (emails.size() == 1) {
      return new ResolvedOwner(emails.iterator().next(), "");
    }
    String title = connectors.title(system);
    return emails.isEmpty()
        ? new ResolvedOwner(
            "",
            "\"%s\" is not an active user of %s; give an e-mail address, or add the handle to people in config/postmortems.yaml"
                .formatted(written, title))
        : new ResolvedOwner(
            "",
            "\"%s\" is the name of %d users of %s; give the e-mail address"
                .formatted(written, emails.size(), title));
  }

  private Optional<String> byEmail(String system, String person) {
    return person.contains("@")
        ? connectors.idsOf(system, BY_EMAIL, person).stream()
            .findFirst()
            .flatMap(id -> connectors.keyOf(system, BY_EMAIL, id))
        : Optional.empty();
  }

  private List<String> emails(String system, String reference, String person) {
    List<String> emails = new ArrayList<>();
    try {
      for (String id : connectors.idsOf(system, reference, person)) {
        connectors.keyOf(system, BY_EMAIL, id).ifPresent(emails::add);
      }
    } catch (IllegalArgumentException e) {
      // A system that identifies users by e-mail address only.
      return List.of();
    }
    return emails;
  }
}
