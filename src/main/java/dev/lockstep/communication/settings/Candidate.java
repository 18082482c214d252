package dev.lockstep.communication.settings;

/** Who may become incident manager. */
public sealed interface Candidate {

  /** By e-mail address. */
  record Person(String address) implements Candidate {
    @Override
    public String toString() {
      return address;
    }
  }

  /** Those who are on call, the ones who are called first before the others. */
  record OnCall(OnCallSource source) implements Candidate {
    @Override
    public String toString() {
      return source.toString();
    }
  }
}
