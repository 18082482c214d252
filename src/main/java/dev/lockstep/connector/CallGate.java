package dev.lockstep.connector;

/** Says before each call whether the system may be called now. */
@FunctionalInterface
public interface CallGate {

  /**
   * @throws PausedException if an operator has paused the system
   */
  void requireOpen(String system);
}
