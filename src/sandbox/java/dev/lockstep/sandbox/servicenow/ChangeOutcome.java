package dev.lockstep.sandbox.servicenow;

/** What a change request can come to. */
public enum ChangeOutcome {
  SUCCESSFUL("successful"),
  SUCCESSFUL_ISSUES("successful_issues"),
  UNSUCCESSFUL("unsuccessful"),
  /** Canceled, which has no close code. */
  CANCELLED("");

  private final String closeCode;

  ChangeOutcome(String closeCode) {
    this.closeCode = closeCode;
  }

  /** As {@code close_code} has it; empty for a cancelled one. */
  public String closeCode() {
    return closeCode;
  }
}
