package dev.lockstep.sandbox.demo;

/** A recorded log can't be used; the message names file, line and reason. */
final class AuditLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AuditLogException(String message) {
    super(message);
  }
}
