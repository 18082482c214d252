package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.util.Map;

/**
 * A user who acts on the site: the same rules, history and webhooks as over HTTP, without a call.
 * Every method throws {@link JiraException} where the API would refuse.
 */
public final class JiraPerson {

  private final IssueStore store;
  private final Site site;
  private final Author actor;

  JiraPerson(IssueStore store, Site site, JiraUser user) {
    this.store = store;
    this.site = site;
    this.actor = new Author(user, false);
  }

  public JiraUser user() {
    return actor.user();
  }

  /** Opens an issue; returns its key. */
  public String create(String project, String issueType, String summary) {
    return create(project, issueType, summary, Map.of());
  }

  /**
   * Opens an issue; returns its key.
   *
   * @param more further fields, as {@code POST /issue} takes them
   */
  public String create(
      String project, String issueType, String summary, Map<String, JsonNode> more) {
    ObjectNode body = Json.object();
    ObjectNode fields = body.putObject("fields").put("summary", summary);
    fields.putObject("project").put("key", project);
    fields.putObject("issuetype").put("name", issueType);
    more.forEach(fields::set);
    return store.create(actor, body).key();
  }

  /** Sets one field, to what {@code PUT /issue} takes for it. */
  public void edit(String issue, String field, JsonNode value) {
    ObjectNode body = Json.object();
    body.putObject("fields").set(field, value);
    store.edit(actor, issue, body);
  }

  public void summarize(String issue, String summary) {
    edit(issue, "summary", Json.text(summary));
  }

  /** Writes the description, a paragraph for each line. */
  public void describe(String issue, String text) {
    edit(issue, "description", AdfText.document(text));
  }

  public void prioritize(String issue, String priority) {
    edit(issue, "priority", Json.object().put("name", priority));
  }

  /**
   * Gives the issue to somebody.
   *
   * @param email empty for nobody
   */
  public void assign(String issue, String email) {
    JsonNode to =
        email.isEmpty()
            ? Json.NULL
            : Json.object().put("accountId", site.userByEmail(email).orElseThrow().accountId());
    edit(issue, "assignee", to);
  }

  /** Makes a transition by its name. */
  public void transition(String issue, String name) {
    transition(issue, name, Map.of());
  }

  /**
   * Makes a transition by its name.
   *
   * @param fields of its screen
   */
  public void transition(String issue, String name, Map<String, JsonNode> fields) {
    String id =
        store.read(issue, each -> each.project.workflow().transitions()).stream()
            .filter(transition -> transition.name().equals(name))
            .findFirst()
            .orElseThrow(() -> JiraException.badRequest("There is no transition " + name))
            .id();
    ObjectNode body = Json.object();
    body.putObject("transition").put("id", id);
    fields.forEach(body.putObject("fields")::set);
    store.transition(actor, issue, body);
  }

  /** Makes a transition that asks for a resolution. */
  public void resolve(String issue, String transition, String resolution) {
    transition(issue, transition, Map.of("resolution", Json.object().put("name", resolution)));
  }

  /** Comments, a paragraph for each line; returns the comment's id. */
  public String comment(String issue, String text) {
    return comment(issue, AdfText.document(text));
  }

  /** Comments; returns the comment's id. */
  public String comment(String issue, JsonNode document) {
    ObjectNode body = Json.object();
    body.set("body", document);
    return store.comments().add(actor, issue, body).id();
  }

  /** Comments for agents only, as in a service project; returns the comment's id. */
  public String commentInternally(String issue, String text) {
    ObjectNode body = Json.object();
    body.set("body", AdfText.document(text));
    body.putArray("properties")
        .addObject()
        .put("key", "sd.public.comment")
        .putObject("value")
        .put("internal", true);
    return store.comments().add(actor, issue, body).id();
  }

  public void editComment(String issue, String id, String text) {
    ObjectNode body = Json.object();
    body.set("body", AdfText.document(text));
    store.comments().edit(actor, issue, id, body);
  }

  /** {@code inward} "duplicates" {@code outward}, for the type Duplicate. */
  public void link(String type, String inward, String outward) {
    LinkType known =
        Site.LINK_TYPES.stream()
            .filter(each -> each.name().equals(type))
            .findFirst()
            .orElseThrow(() -> JiraException.notFound("No issue link type " + type));
    store.links().link(actor, known, inward, outward);
  }

  /** Takes a link away that {@link #link} made. */
  public void unlink(String type, String inward, String outward) {
    store.links().unlink(actor, store.links().linkBetween(type, inward, outward).id());
  }

  public void delete(String issue) {
    store.delete(actor, issue);
  }
}
