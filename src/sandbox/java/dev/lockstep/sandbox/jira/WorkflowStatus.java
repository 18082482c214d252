package dev.lockstep.sandbox.jira;

/** A step of a workflow; its name means the same in all projects of a site. */
public record WorkflowStatus(String id, String name, Category category) {

  /** What every status is one of, in Jira's own words. */
  public enum Category {
    TO_DO(2, "new", "To Do", "blue-gray"),
    IN_PROGRESS(4, "indeterminate", "In Progress", "yellow"),
    DONE(3, "done", "Done", "green");

    private final int id;
    private final String key;
    private final String label;
    private final String color;

    Category(int id, String key, String label, String color) {
      this.id = id;
      this.key = key;
      this.label = label;
      this.color = color;
    }

    int id() {
      return id;
    }

    String key() {
      return key;
    }

    String label() {
      return label;
    }

    String color() {
      return color;
    }
  }
}
