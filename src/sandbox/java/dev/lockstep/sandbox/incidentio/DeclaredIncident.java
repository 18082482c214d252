package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.incidentio.Organisation.LifecycleStatus;
import dev.lockstep.sandbox.incidentio.Organisation.Severity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An incident as it is at one time.
 *
 * @param severity null in triage, if nobody chose one
 * @param assignees users' ids by roles' ids
 * @param values of custom fields, by their ids, in the form in which requests have them
 */
record DeclaredIncident(
    String id,
    int number,
    String name,
    String summary,
    LifecycleStatus status,
    @Nullable Severity severity,
    boolean isPrivate,
    String mode,
    IncidentActor creator,
    Map<String, String> assignees,
    Map<String, List<JsonNode>> values,
    String lastMessage,
    Instant createdAt,
    Instant updatedAt) {

  DeclaredIncident {
    assignees = Map.copyOf(assignees);
    values = Map.copyOf(values);
  }

  /**
   * What changes; null, or not in a map, is what stays.
   *
   * @param assignees empty for nobody
   * @param values empty to unset a field
   * @param message shared with it
   * @param mergedInto the id of another incident
   */
  record Edit(
      @Nullable String name,
      @Nullable String summary,
      @Nullable LifecycleStatus status,
      @Nullable Severity severity,
      Map<String, Optional<String>> assignees,
      Map<String, List<JsonNode>> values,
      @Nullable String message,
      @Nullable String mergedInto) {

    static Edit named(String name) {
      return new Edit(name, null, null, null, Map.of(), Map.of(), null, null);
    }

    static Edit summarized(String summary) {
      return new Edit(null, summary, null, null, Map.of(), Map.of(), null, null);
    }

    static Edit moved(LifecycleStatus status, @Nullable Severity severity) {
      return new Edit(null, null, status, severity, Map.of(), Map.of(), null, null);
    }

    static Edit merged(LifecycleStatus status, String into) {
      return new Edit(null, null, status, null, Map.of(), Map.of(), null, into);
    }

    static Edit ranked(Severity severity) {
      return new Edit(null, null, null, severity, Map.of(), Map.of(), null, null);
    }

    static Edit assigned(String role, Optional<String> member) {
      return new Edit(null, null, null, null, Map.of(role, member), Map.of(), null, null);
    }

    static Edit set(String field, List<JsonNode> values) {
      return new Edit(null, null, null, null, Map.of(), Map.of(field, values), null, null);
    }

    static Edit shared(String message) {
      return new Edit(null, null, null, null, Map.of(), Map.of(), message, null);
    }
  }

  String reference() {
    return "INC-" + number;
  }

  /** As it is after a change. */
  DeclaredIncident after(Edit edit, Instant at) {
    Map<String, String> people = new LinkedHashMap<>(assignees);
    edit.assignees()
        .forEach(
            (role, member) ->
                member.ifPresentOrElse(one -> people.put(role, one), () -> people.remove(role)));
    Map<String, List<JsonNode>> fields = new LinkedHashMap<>(values);
    fields.putAll(edit.values());
    fields.values().removeIf(List::isEmpty);
    return new DeclaredIncident(
        id,
        number,
        edit.name() == null ? name : edit.name(),
        edit.summary() == null ? summary : edit.summary(),
        edit.status() == null ? status : edit.status(),
        edit.severity() == null ? severity : edit.severity(),
        isPrivate,
        mode,
        creator,
        people,
        fields,
        edit.message() == null ? lastMessage : edit.message(),
        createdAt,
        at);
  }
}
