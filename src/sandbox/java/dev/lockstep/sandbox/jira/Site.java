package dev.lockstep.sandbox.jira;

import dev.lockstep.sandbox.jira.CustomField.Type;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The site's configuration: everything but the issues. Thread-safe. */
final class Site {

  static final List<NamedValue> PRIORITIES =
      List.of(
          new NamedValue("1", "Highest"),
          new NamedValue("2", "High"),
          new NamedValue("3", "Medium"),
          new NamedValue("4", "Low"),
          new NamedValue("5", "Lowest"));

  static final List<NamedValue> RESOLUTIONS =
      List.of(
          new NamedValue("10000", "Done"),
          new NamedValue("10001", "Won't Do"),
          new NamedValue("10002", "Duplicate"),
          new NamedValue("10003", "Cannot Reproduce"));

  static final List<LinkType> LINK_TYPES =
      List.of(
          new LinkType("10000", "Blocks", "is blocked by", "blocks"),
          new LinkType("10001", "Cloners", "is cloned by", "clones"),
          new LinkType("10002", "Duplicate", "is duplicated by", "duplicates"),
          new LinkType("10003", "Relates", "relates to", "relates to"),
          new LinkType("10004", "Problem/Incident", "is caused by", "causes"));

  private final List<JiraUser> users = new CopyOnWriteArrayList<>();
  private final List<Project> projects = new CopyOnWriteArrayList<>();
  private final List<WorkflowStatus> statuses = new CopyOnWriteArrayList<>();
  private final List<Component> components = new CopyOnWriteArrayList<>();
  private final List<NamedValue> issueTypes = new CopyOnWriteArrayList<>();
  private final Map<String, CustomField> customFields = new ConcurrentHashMap<>();

  private final Screens screens = new Screens(this);

  /** Account id and permission key of what was taken from somebody. */
  private final Set<String> taken = ConcurrentHashMap.newKeySet();

  Screens screens() {
    return screens;
  }

  void take(JiraUser user, String permission) {
    taken.add(user.accountId() + " " + permission);
  }

  boolean permits(JiraUser user, String permission) {
    return !taken.contains(user.accountId() + " " + permission);
  }

  synchronized JiraUser addUser(String name, String email, ZoneId zone) {
    String id = "712020:%08d-0000-4000-8000-000000000000".formatted(users.size() + 1);
    JiraUser user = new JiraUser(id, name, email, true, true, true, zone);
    users.add(user);
    return user;
  }

  synchronized JiraUser replace(JiraUser changed) {
    users.replaceAll(user -> user.accountId().equals(changed.accountId()) ? changed : user);
    return changed;
  }

  synchronized Project addProject(
      String key, String name, boolean desk, Workflow workflow, List<String> types) {
    workflow
        .statuses()
        .forEach(
            (status, category) -> {
              if (statusNamed(status).isEmpty()) {
                String id = Integer.toString(10000 + statuses.size());
                statuses.add(new WorkflowStatus(id, status, category));
              }
            });
    List<NamedValue> ofProject = types.stream().map(this::issueType).toList();
    String id = Integer.toString(10000 + projects.size());
    Project project = new Project(id, key, name, desk, ofProject, workflow);
    projects.add(project);
    return project;
  }

  synchronized Component addComponent(Project project, String name) {
    String id = Integer.toString(10000 + components.size());
    Component component = new Component(id, name, project.id());
    components.add(component);
    return component;
  }

  List<Component> components(Project project) {
    return components.stream().filter(each -> each.projectId().equals(project.id())).toList();
  }

  Optional<Component> component(String id) {
    return first(components, component -> component.id().equals(id));
  }

  CustomField addCustomField(String id, String name, Type type, List<String> options) {
    List<NamedValue> values = new ArrayList<>();
    options.forEach(
        option -> values.add(new NamedValue(Integer.toString(10100 + values.size()), option)));
    CustomField field = new CustomField(id, name, type, List.copyOf(values));
    customFields.put(id, field);
    return field;
  }

  List<JiraUser> users() {
    return List.copyOf(users);
  }

  List<Project> projects() {
    return List.copyOf(projects);
  }

  List<NamedValue> issueTypes() {
    return List.copyOf(issueTypes);
  }

  Map<String, CustomField> customFields() {
    return new LinkedHashMap<>(customFields);
  }

  Optional<CustomField> customField(String id) {
    return Optional.ofNullable(customFields.get(id));
  }

  Optional<JiraUser> user(String accountId) {
    return first(users, user -> user.accountId().equals(accountId));
  }

  Optional<JiraUser> userByEmail(String email) {
    return first(users, user -> user.email().equalsIgnoreCase(email));
  }

  /** "The project ID or project key (case sensitive)". */
  Optional<Project> project(String idOrKey) {
    return first(
        projects, project -> project.id().equals(idOrKey) || project.key().equals(idOrKey));
  }

  /**
   * @throws JiraException when there is no such project
   */
  Project requireProject(String idOrKey) {
    return project(idOrKey)
        .orElseThrow(
            () -> JiraException.notFound("No project could be found with key '" + idOrKey + "'."));
  }

  WorkflowStatus status(String id) {
    return first(statuses, status -> status.id().equals(id)).orElseThrow();
  }

  Optional<WorkflowStatus> statusNamed(String name) {
    return first(statuses, status -> status.name().equalsIgnoreCase(name));
  }

  List<WorkflowStatus> statuses() {
    return List.copyOf(statuses);
  }

  static Optional<NamedValue> named(List<NamedValue> all, String idOrName) {
    return first(all, each -> each.id().equals(idOrName) || each.name().equalsIgnoreCase(idOrName));
  }

  private NamedValue issueType(String name) {
    return named(issueTypes, name)
        .orElseGet(
            () -> {
              NamedValue added = new NamedValue(Integer.toString(10001 + issueTypes.size()), name);
              issueTypes.add(added);
              return added;
            });
  }

  private static <T> Optional<T> first(List<T> all, Predicate<T> wanted) {
    return all.stream().filter(wanted).findFirst();
  }
}
