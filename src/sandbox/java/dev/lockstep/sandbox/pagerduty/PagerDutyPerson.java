package dev.lockstep.sandbox.pagerduty;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A user at work in PagerDuty's own pages. The rules are those of the API, webhooks are sent, but
 * nothing counts as an API call.
 *
 * <p>Users are named by e-mail; services, escalation policies and priorities by name or id. What
 * does not exist or is not allowed throws {@link PagerDutyException}.
 */
public final class PagerDutyPerson {

  private final AccountState account;
  private final PagerDutyUser user;

  PagerDutyPerson(AccountState account, PagerDutyUser user) {
    this.account = account;
    this.user = user;
  }

  /** Opens an incident, assigned as the service's escalation policy says. */
  public PagerDutyIncident createIncident(String service, String title) {
    return account.open(NewIncident.of(title, serviceOf(service)), Agent.of(user));
  }

  /** Opens an incident with priority, urgency and details. */
  public PagerDutyIncident createIncident(
      String service,
      String title,
      @Nullable String priority,
      Urgency urgency,
      @Nullable String details) {
    Priority chosen = priority == null ? null : priorityOf(priority);
    NewIncident plain = NewIncident.of(title, serviceOf(service));
    NewIncident wanted =
        new NewIncident(
            title,
            plain.service(),
            chosen,
            urgency,
            details,
            null,
            plain.incidentType(),
            List.of(),
            null,
            null,
            false);
    return account.open(wanted, Agent.of(user));
  }

  public PagerDutyIncident acknowledge(String incident) {
    return to(incident, IncidentStatus.ACKNOWLEDGED);
  }

  public PagerDutyIncident unacknowledge(String incident) {
    return to(incident, IncidentStatus.TRIGGERED);
  }

  public PagerDutyIncident resolve(String incident) {
    return to(incident, IncidentStatus.RESOLVED);
  }

  /** Resolves with a text that only the log entry shows. */
  public PagerDutyIncident resolve(String incident, String resolution) {
    IncidentChange change = IncidentChange.toStatus(IncidentStatus.RESOLVED);
    change.resolution = resolution;
    return change(incident, change);
  }

  /** Back to triggered; the escalation policy says who has it then. */
  public PagerDutyIncident reopen(String incident) {
    return to(incident, IncidentStatus.TRIGGERED);
  }

  public PagerDutyIncident reassign(String incident, String... emails) {
    IncidentChange change = new IncidentChange();
    change.assignees = usersOf(emails);
    return change(incident, change);
  }

  /** Hands it to a level of its present escalation policy, 1 being the first. */
  public PagerDutyIncident escalate(String incident, int level) {
    IncidentChange change = new IncidentChange();
    change.escalationLevel = level;
    return change(incident, change);
  }

  /** Hands it to another escalation policy. */
  public PagerDutyIncident delegate(String incident, String escalationPolicy) {
    IncidentChange change = new IncidentChange();
    change.escalationPolicy = found(account.directory().policy(escalationPolicy), escalationPolicy);
    return change(incident, change);
  }

  /** Null takes the priority away, which the API does not offer. */
  public PagerDutyIncident setPriority(String incident, @Nullable String priority) {
    IncidentChange change = new IncidentChange();
    change.priority = priority == null ? null : priorityOf(priority);
    change.clearsPriority = priority == null;
    return change(incident, change);
  }

  public PagerDutyIncident setUrgency(String incident, Urgency urgency) {
    IncidentChange change = new IncidentChange();
    change.urgency = urgency;
    return change(incident, change);
  }

  public PagerDutyIncident setTitle(String incident, String title) {
    IncidentChange change = new IncidentChange();
    change.title = title;
    return change(incident, change);
  }

  /** Moves it to another service; its escalation policy stays. */
  public PagerDutyIncident setService(String incident, String service) {
    IncidentChange change = new IncidentChange();
    change.service = serviceOf(service);
    return change(incident, change);
  }

  public Note addNote(String incident, String content) {
    return account.annotate(incident, content, user);
  }

  public StatusUpdate statusUpdate(String incident, String message) {
    return account.publish(incident, message, null, null, user);
  }

  /** Adds a task to the incident, assigned to the users with these e-mail addresses, if any. */
  public IncidentTask addTask(
      String incident, String name, String description, String... assigneeEmails) {
    return account.addTask(incident, name, description, usersOf(assigneeEmails), user);
  }

  /**
   * Replaces the task's name, description and assignees; an update without a change sends nothing.
   */
  public IncidentTask updateTask(
      String task, String name, String description, String... assigneeEmails) {
    List<PagerDutyUser> assignees = usersOf(assigneeEmails);
    return account.changeTask(task, was -> was.with(name, description, assignees), user);
  }

  public IncidentTask completeTask(String task) {
    return account.changeTask(task, IncidentTask::completed, user);
  }

  /** Takes the sources' alerts into the target and resolves the sources. */
  public PagerDutyIncident merge(String target, String... sources) {
    return account.merge(target, List.of(sources), Agent.of(user));
  }

  private PagerDutyIncident to(String incident, IncidentStatus status) {
    return change(incident, IncidentChange.toStatus(status));
  }

  private PagerDutyIncident change(String incident, IncidentChange change) {
    return account.change(incident, change, Agent.of(user));
  }

  private List<PagerDutyUser> usersOf(String... emails) {
    return Arrays.stream(emails)
        .map(email -> found(account.directory().userByEmail(email), email))
        .toList();
  }

  private Service serviceOf(String nameOrId) {
    return found(account.directory().service(nameOrId), nameOrId);
  }

  private Priority priorityOf(String nameOrId) {
    return found(account.directory().priority(nameOrId), nameOrId);
  }

  private static <T> T found(Optional<T> sought, String name) {
    return sought.orElseThrow(() -> PagerDutyException.invalid(name + " does not exist"));
  }
}
