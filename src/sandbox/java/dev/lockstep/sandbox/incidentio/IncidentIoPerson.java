package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.incidentio.DeclaredIncident.Edit;
import dev.lockstep.sandbox.incidentio.Organisation.CustomField;
import dev.lockstep.sandbox.incidentio.Organisation.FieldOption;
import dev.lockstep.sandbox.incidentio.Organisation.Member;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A user who acts in the product, where more is allowed than over the API: people accept, decline,
 * merge, resolve, close and reopen incidents, and share updates. Webhooks are sent all the same.
 */
public final class IncidentIoPerson {

  private static final String STANDARD = "standard";

  private final Organisation organisation;
  private final IncidentRegister register;
  private final IncidentActor actor;

  IncidentIoPerson(Organisation organisation, IncidentRegister register, Member member) {
    this.organisation = organisation;
    this.register = register;
    this.actor = new IncidentActor(member);
  }

  /** Declares an active incident; returns its id. */
  public String declare(String name, String severity) {
    return declare(name, severity, false, STANDARD);
  }

  /** Declares one that only its members and keys with access to all of them can see. */
  public String declarePrivately(String name, String severity) {
    return declare(name, severity, true, STANDARD);
  }

  /** Declares a test incident; returns its id. */
  public String rehearse(String name, String severity) {
    return declare(name, severity, false, "test");
  }

  private String declare(String name, String severity, boolean isPrivate, String mode) {
    Edit first =
        new Edit(
            name, null, null, organisation.severityNamed(severity), Map.of(), Map.of(), null, null);
    return register.create(actor, first, isPrivate, mode, "").id();
  }

  /** Reports what others will look at in triage; returns its id. */
  public String report(String name) {
    Edit first =
        new Edit(
            name, null, organisation.statusNamed("Triage"), null, Map.of(), Map.of(), null, null);
    return register.create(actor, first, false, STANDARD, "").id();
  }

  /** Accepts an incident that is in triage. */
  public void accept(String incident, String severity) {
    edit(
        incident,
        Edit.moved(
            organisation.statusNamed("Investigating"), organisation.severityNamed(severity)));
  }

  public void rename(String incident, String name) {
    edit(incident, Edit.named(name));
  }

  public void summarize(String incident, String summary) {
    edit(incident, Edit.summarized(summary));
  }

  public void rank(String incident, String severity) {
    edit(incident, Edit.ranked(organisation.severityNamed(severity)));
  }

  /** Gives the incident any status. */
  public void move(String incident, String status) {
    edit(incident, Edit.moved(organisation.statusNamed(status), null));
  }

  /** Changes the status and shares a message with it. */
  public void move(String incident, String status, String message) {
    edit(
        incident,
        new Edit(
            null, null, organisation.statusNamed(status), null, Map.of(), Map.of(), message, null));
  }

  public void merge(String incident, String into) {
    edit(incident, Edit.merged(organisation.statusNamed("Merged"), into));
  }

  /**
   * Makes somebody the incident's lead.
   *
   * @param email empty for nobody
   */
  public void lead(String incident, String email) {
    Optional<String> member =
        email.isEmpty() ? Optional.empty() : Optional.of(organisation.memberOf(email).id());
    edit(incident, Edit.assigned(organisation.roleOfType("lead").id(), member));
  }

  /** Shares an update in the incident's channel. */
  public void share(String incident, String message) {
    edit(incident, Edit.shared(message));
  }

  public void write(String incident, CustomField field, String text) {
    set(incident, field, Json.object().put("value_text", text));
  }

  public void choose(String incident, CustomField field, FieldOption option) {
    set(incident, field, Json.object().put("value_option_id", option.id()));
  }

  private void set(String incident, CustomField field, JsonNode value) {
    edit(incident, Edit.set(field.id(), List.of(value)));
  }

  private void edit(String incident, Edit edit) {
    register.edit(actor, incident, edit);
  }
}
