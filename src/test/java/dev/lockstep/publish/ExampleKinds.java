package dev.lockstep.publish;

import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** The kinds of channels that ship. */
public final class ExampleKinds {
  private ExampleKinds() {}

  /**
   * @param host of the mail server; empty for none
   */
  public static List<ChannelKind> all(String host) {
    SmtpSettings smtp = new SmtpSettings(host, 587, "", "", "lockstep@example.com", "starttls");
    return List.of(
        new EmailChannel(smtp, new PublishConfiguration().smtpSender(smtp)),
        new TeamsChannel(
            new StaticListableBeanFactory().getBeanProvider(Channels.class), Clock.systemUTC()));
  }
}
