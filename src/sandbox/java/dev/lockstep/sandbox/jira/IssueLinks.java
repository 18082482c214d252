package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.jira.IssueChange.Item;
import dev.lockstep.sandbox.jira.IssueChange.Kind;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Links between issues, and from an issue to things elsewhere. Guarded by the {@link IssueStore}.
 */
final class IssueLinks {

  /**
   * A link to something elsewhere.
   *
   * @param added whether it is a new one
   */
  record RemoteLink(int id, boolean added) {}

  private final IssueStore store;
  private final Set<String> withoutLinking = new HashSet<>();

  IssueLinks(IssueStore store) {
    this.store = store;
  }

  /** "If the link request duplicates a link, the response indicates that it was created". */
  void link(Author by, LinkType type, String inward, String outward) {
    synchronized (store) {
      requireLinking(by);
      Issue from = store.issue(inward);
      Issue to = store.issue(outward);
      if (from.id.equals(to.id)) {
        throw JiraException.badRequest("You cannot link an issue to itself.");
      }
      boolean known =
          from.links.stream()
              .anyMatch(
                  link ->
                      link.type().equals(type)
                          && link.inward().equals(from.id)
                          && link.outward().equals(to.id));
      if (known) {
        return;
      }
      IssueLink link = new IssueLink(store.nextDetailId(), type, from.id, to.id);
      from.links.add(link);
      to.links.add(link);
      linked(Kind.LINKED, by, from, to, link);
    }
  }

  IssueLink linkOf(String id) {
    synchronized (store) {
      return store
          .issues()
          .flatMap(issue -> issue.links.stream())
          .filter(link -> link.id().equals(id))
          .findFirst()
          .orElseThrow(() -> JiraException.notFound("No issue link with id '" + id + "' exists."));
    }
  }

  IssueLink linkBetween(String type, String inward, String outward) {
    synchronized (store) {
      Issue from = store.issue(inward);
      Issue to = store.issue(outward);
      return from.links.stream()
          .filter(link -> link.type().name().equals(type))
          .filter(link -> link.inward().equals(from.id) && link.outward().equals(to.id))
          .findFirst()
          .orElseThrow(() -> JiraException.notFound("No such issue link exists."));
    }
  }

  void unlink(Author by, String id) {
    synchronized (store) {
      requireLinking(by);
      IssueLink link = linkOf(id);
      Issue from = store.issue(link.inward());
      Issue to = store.issue(link.outward());
      from.links.remove(link);
      to.links.remove(link);
      linked(Kind.UNLINKED, by, from, to, link);
    }
  }

  void forbidLinking(JiraUser user) {
    synchronized (store) {
      withoutLinking.add(user.accountId());
    }
  }

  /** "404: the user does not have link issues project permission". */
  private void requireLinking(Author by) {
    if (withoutLinking.contains(by.user().accountId())) {
      throw JiraException.notFound("No Link Issue Permission for issue");
    }
  }

  private void linked(Kind kind, Author by, Issue from, Issue to, IssueLink link) {
    Instant now = store.now();
    for (Issue issue : List.of(from, to)) {
      Issue other = issue == from ? to : from;
      String words = issue == from ? link.type().outward() : link.type().inward();
      String text = "This issue " + words + " " + other.key();
      boolean made = kind == Kind.LINKED;
      Item item =
          new Item(
              "Link",
              "issuelinks",
              false,
              made ? null : other.key(),
              made ? null : text,
              made ? other.key() : null,
              made ? text : null);
      issue.updated = now;
      store.remember(issue, by, now, List.of(item));
      store.index(issue, now);
    }
    store.report(kind, from, by, now, List.of(), link.id(), null, link);
  }

  /** Adds a remote link, or replaces the one with the same {@code globalId}. */
  RemoteLink remoteLink(Author by, String idOrKey, ObjectNode given) {
    synchronized (store) {
      Issue issue = store.issue(idOrKey);
      JsonNode global = given.path("globalId");
      Integer known =
          global.isTextual()
              ? issue.remoteLinks.entrySet().stream()
                  .filter(link -> link.getValue().path("globalId").equals(global))
                  .map(Map.Entry::getKey)
                  .findFirst()
                  .orElse(null)
              : null;
      int id = known == null ? Integer.parseInt(store.nextDetailId()) : known;
      issue.remoteLinks.put(id, given.deepCopy());
      issue.updated = store.now();
      String title = given.path("object").path("title").asText();
      store.report(Kind.REMOTE_LINKED, issue, by, issue.updated, title);
      return new RemoteLink(id, known == null);
    }
  }

  void deleteRemoteLink(Author by, String idOrKey, int id) {
    synchronized (store) {
      Issue issue = store.issue(idOrKey);
      if (issue.remoteLinks.remove(id) == null) {
        throw JiraException.notFound("Remote issue link with id '" + id + "' does not exist.");
      }
      issue.updated = store.now();
      store.report(Kind.REMOTE_UNLINKED, issue, by, issue.updated, Integer.toString(id));
    }
  }
}
