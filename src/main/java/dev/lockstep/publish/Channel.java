package dev.lockstep.publish;

import dev.lockstep.connector.Finding;
import java.util.List;

/**
 * Where messages are sent to.
 *
 * @param kind the name of a {@link ChannelKind}
 * @param to addresses; empty for a kind that has none
 * @param url an address that is a secret, as it lets anyone post; empty for a kind that has none
 */
public record Channel(String name, String kind, List<String> to, String url) {
  public Channel {
    to = List.copyOf(to);
  }

  Finding finding(Finding.Status status, String found, String advice) {
    return new Finding(name, "Channel " + name, "connection", status, found, advice);
  }

  /** Without the address that is a secret. */
  @Override
  public String toString() {
    return kind + " channel " + name;
  }
}
