package dev.lockstep.sandbox.demo;

/** Which of the two sandboxes. */
enum Place {
  ITSM("ServiceNow"),
  PLATFORM("PagerDuty");

  private final String label;

  Place(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  Place other() {
    return this == ITSM ? PLATFORM : ITSM;
  }
}
