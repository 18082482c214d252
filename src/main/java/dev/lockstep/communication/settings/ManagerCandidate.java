package dev.lockstep.communication.settings;

/** Who may become incident manager. */
public sealed interface ManagerCandidate {

  /** By e-mail address. */
  record Person(String address) implements ManagerCandidate {
    @Override
    public String toString() {
      return address;
    }
  }

  /** Those who are on call, the ones who are called first before the others. */
  record OnCall(OnCallSource source) implements ManagerCandidate {
    @Override
    public String toString() {
      return source.toString();
    }
  }
}
