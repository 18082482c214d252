package dev.lockstep.publish;

import dev.lockstep.connector.Finding;
import java.util.List;
import java.util.Set;

/**
 * A way to send messages. Another one is a class that implements this and composes its messages,
 * and a route {@code direct:publish-<name>} that sends them. The route must end in an exception of
 * {@link dev.lockstep.inbox.EntryHandler} if the message may not have been sent.
 */
public interface ChannelKind {

  /** As in the settings, for example {@code email}. */
  String name();

  /** The keys that a channel of this kind has besides {@code kind}; all are required. */
  Set<String> keys();

  /**
   * Checks the values of those keys.
   *
   * @return one line for each problem, beginning with the key; never contains a secret
   */
  List<String> problems(Channel channel);

  /**
   * Those who get a message of their own, so that one who is refused does not keep it from the
   * others; a single empty text if the channel is one place.
   */
  List<String> recipients(Channel channel);

  /** What {@code ./lockstep check} finds without sending anything. */
  Finding check(Channel channel);
}
