package dev.lockstep.postmortem;

import dev.lockstep.postmortem.Postmortems.Received;
import dev.lockstep.postmortem.Postmortems.Refused;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ItemMatcher;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.StoredPostmortem;
import dev.lockstep.postmortem.followup.Incident;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the stored postmortem that a received one is a new version of. Prevents an edited
 * document from duplicating its action items, and another document from replacing them: a document
 * that is not certainly the same is refused.
 */
class PostmortemMatcher {
  private final PostmortemStore postmortems;
  private final ActionItemStore items;

  PostmortemMatcher(PostmortemStore postmortems, ActionItemStore items) {
    this.postmortems = postmortems;
    this.items = items;
  }

  /**
   * @param incident null while it cannot be looked up
   * @return empty if it is a new one
   * @throws Refused if its incident has another postmortem, or its name belongs to another
   */
  Optional<StoredPostmortem> findExisting(Received received, @Nullable Incident incident) {
    if (incident != null) {
      Optional<StoredPostmortem> ofIncident = postmortems.findByIncident(incident.records());
      if (ofIncident.isPresent()) {
        requireSame(received, ofIncident.get());
        return ofIncident;
      }
    }
    Optional<StoredPostmortem> waiting =
        postmortems.findWaiting(received.name(), received.incident());
    if (waiting.isPresent() || received.name().isEmpty()) {
      return waiting;
    }
    Optional<StoredPostmortem> named = postmortems.findByName(received.name());
    named.ifPresent(other -> requireMoved(received, other));
    return named;
  }

  private void requireSame(Received received, StoredPostmortem other) {
    boolean named = !received.name().isEmpty() && received.name().equals(other.name());
    boolean otherwiseNamed = !received.name().isEmpty() && !other.name().isEmpty();
    if (named || !otherwiseNamed && isSimilar(received, other)) {
      return;
    }
    String way =
        otherwiseNamed
            ? "to replace it, send this one under that name"
            : "to replace it, send this one with the same title";
    throw new Refused(
        received.line(),
        "%s already has the postmortem \"%s\"; %s, or move its action items there"
            .formatted(received.incident(), describe(other), way));
  }

  /**
   * Its incident number may have been corrected; but a name like {@code postmortem.md} may also be
   * used twice.
   */
  private void requireMoved(Received received, StoredPostmortem other) {
    if (!other.names().equals(received.incident()) && !isSimilar(received, other)) {
      throw new Refused(
          received.line(),
          "\"%s\" is the name of the postmortem of %s, and this one has neither its title nor an action item of it; send it under another name"
              .formatted(received.name(), other.names()));
    }
  }

  private static String describe(StoredPostmortem postmortem) {
    return postmortem.name().isEmpty() ? postmortem.title() : postmortem.name();
  }

  /** Same title, or an action item in common, or no action items that could be lost. */
  private boolean isSimilar(Received received, StoredPostmortem other) {
    if (!received.title().isBlank() && received.title().equals(other.title())) {
      return true;
    }
    List<ActionItem> known = items.findByPostmortem(other.id());
    return known.isEmpty() || !ItemMatcher.match(received.items(), known).isEmpty();
  }
}
