package dev.lockstep.sandbox.demo;

/** Which of the two sandboxes. */
enum SystemSide {
  ITSM("ServiceNow"),
  PLATFORM("PagerDuty");

  private final String label;

  SystemSide(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  SystemSide other() {
    return this == ITSM ? PLATFORM : ITSM;
  }
}
