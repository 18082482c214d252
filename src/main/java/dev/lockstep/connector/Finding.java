package dev.lockstep.connector;

/**
 * One result of a check before the start. Texts contain what a system answered; they are not safe
 * to print on a terminal.
 *
 * @param system its name, for example the folder under {@code connectors/}
 * @param title the system's display name
 * @param check what was checked
 * @param found what the system answered or did not
 * @param advice what an operator must do; empty if nothing
 */
public record Finding(
    String system, String title, String check, Status status, String found, String advice) {

  /** Absence of a proof is a {@code WARNING}, never a {@code PASS}. */
  public enum Status {
    PASS,
    WARNING,
    FAIL
  }
}
