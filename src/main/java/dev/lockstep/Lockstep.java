package dev.lockstep;

/** Where the process begins. */
public final class Lockstep {
  private Lockstep() {}

  public static void main(String[] args) {
    throw new UnsupportedOperationException("no command yet");
  }
}
