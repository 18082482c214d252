package dev.lockstep.publish;

import dev.lockstep.connector.Finding;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.record.PlainText;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.component.mail.JavaMailSender;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * E-mail by SMTP: plain text in UTF-8. The Message-ID is that of the message, so that mail servers
 * and readers recognise one that is repeated.
 */
@Component
public class EmailChannel implements ChannelKind, StartupCheck {
  public static final String NAME = "email";

  private static final String TO = "to";

  /** RFC 5321, section 4.5.3.1.3, without the angle brackets. */
  private static final int LONGEST_ADDRESS = 254;

  private static final List<String> SECURITY = List.of("starttls", "tls", "none");
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  private final SmtpSettings settings;
  private final JavaMailSender sender;

  EmailChannel(SmtpSettings settings, JavaMailSender sender) {
    this.settings = settings;
    this.sender = sender;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> keys() {
    return Set.of(TO);
  }

  @Override
  public List<String> recipients(Channel channel) {
    return channel.to();
  }

  @Override
  public List<String> problems(Channel channel) {
    List<String> problems = new ArrayList<>();
    if (channel.to().isEmpty()) {
      problems.add("to: name at least one e-mail address");
    }
    channel.to().stream()
        .filter(address -> !isAddress(address))
        .forEach(address -> problems.add("to: '%s' is not an e-mail address".formatted(address)));
    if (settings.host().isEmpty()) {
      problems.add("kind: e-mail needs a mail server; set LOCKSTEP_SMTP_HOST");
    }
    return problems;
  }

  /** Connects and logs in. */
  @Override
  public Finding check(Channel channel) {
    try (Transport transport = sender.getSession().getTransport(protocol(settings))) {
      boolean logsIn = !settings.username().isEmpty();
      transport.connect(
          settings.host(),
          settings.port(),
          logsIn ? settings.username() : null,
          logsIn ? settings.password() : null);
      return channel.finding(
          Status.PASS,
          "%s accepts the connection%s".formatted(settings, logsIn ? " and the log-in" : ""),
          "");
    } catch (MessagingException e) {
      return channel.finding(
          Status.FAIL,
          "%s: %s".formatted(settings, PlainText.oneLine(String.valueOf(e.getMessage()))),
          "Check the settings that begin with LOCKSTEP_SMTP_, and whether this machine may connect"
              + " to the mail server.");
    }
  }

  static String protocol(SmtpSettings settings) {
    return settings.security().equals("tls") ? "smtps" : "smtp";
  }

  /** Whether this is one address and nothing else, such as {@code ann@example.com}. */
  public static boolean isAddress(String text) {
    try {
      InternetAddress[] parsed = InternetAddress.parse(text, true);
      return parsed.length == 1
          && !parsed[0].isGroup()
          && text.equals(parsed[0].getAddress())
          && text.length() <= LONGEST_ADDRESS
          && text.matches("[^@\\s\\p{Cntrl}]+@[^@\\s\\p{Cntrl}]+");
    } catch (AddressException e) {
      return false;
    }
  }

  /** The settings of the mail server, if one is set. */
  @Override
  public List<String> problems() {
    if (settings.host().isEmpty()) {
      return List.of();
    }
    List<String> problems = new ArrayList<>();
    if (!isSender(settings.from())) {
      problems.add(
          "LOCKSTEP_SMTP_FROM: '%s' is not a sender; write for example Lockstep <lockstep@example.com>"
              .formatted(settings.from()));
    }
    if (!SECURITY.contains(settings.security())) {
      problems.add(
          "LOCKSTEP_SMTP_SECURITY: '%s' is none of %s"
              .formatted(settings.security(), String.join(", ", SECURITY)));
    }
    boolean isPlain = settings.security().equals("none");
    if (isPlain && !settings.password().isEmpty() && !THIS_MACHINE.contains(settings.host())) {
      problems.add(
          "LOCKSTEP_SMTP_SECURITY: with none, the password would be sent in the clear to %s; use starttls or tls"
              .formatted(settings.host()));
    }
    return problems;
  }

  private static boolean isSender(String text) {
    try {
      InternetAddress[] parsed = InternetAddress.parse(text, true);
      return parsed.length == 1 && isAddress(parsed[0].getAddress());
    } catch (AddressException e) {
      return false;
    }
  }

  /**
   * A step of the route.
   *
   * @throws RequestRejectedException if no mail server is set any more
   */
  public MimeMessage compose(OutboundMessage message) throws MessagingException {
    if (settings.host().isEmpty()) {
      throw new RequestRejectedException(
          0,
          message.describe(),
          "No mail server is set.",
          "Set LOCKSTEP_SMTP_HOST and retry, or discard this.");
    }
    InternetAddress from = new InternetAddress(settings.from(), true);
    String domain = from.getAddress().substring(from.getAddress().indexOf('@') + 1);
    MimeMessage mail = new MimeMessage(sender.getSession());
    mail.setFrom(from);
    mail.setRecipient(Message.RecipientType.TO, new InternetAddress(message.recipient(), true));
    mail.setSubject(PlainText.oneLine(message.title()), StandardCharsets.UTF_8.name());
    mail.setSentDate(Date.from(message.createdAt()));
    mail.setText(message.text(), StandardCharsets.UTF_8.name());
    mail.setHeader("Message-ID", "<%s@%s>".formatted(message.id(), domain));
    // No replies of the kind "out of office" (RFC 3834).
    mail.setHeader("Auto-Submitted", "auto-generated");
    return mail;
  }

  /**
   * A step of the route: says what a failure of the mail server means.
   *
   * @throws RequestRejectedException if it refused this message
   * @throws SystemUnavailableException otherwise; the message may have been sent
   */
  public void fail(Exception failure, OutboundMessage message) {
    for (Exception cause = failure; cause != null; cause = next(cause)) {
      int code = code(cause);
      if (code >= 500 && code < 600 && !isLogIn(cause, code)) {
        throw new RequestRejectedException(
            code,
            message.describe(),
            PlainText.oneLine(String.valueOf(cause.getMessage())),
            "Correct the address or the mail server, then retry; or discard this.");
      }
    }
    throw new SystemUnavailableException(
        "%s took no message: %s"
            .formatted(settings, PlainText.oneLine(String.valueOf(failure.getMessage()))),
        failure);
  }

  private static @Nullable Exception next(Exception failure) {
    return failure instanceof MessagingException mail ? mail.getNextException() : null;
  }

  /** What the server answered; 0 if it did not. */
  private static int code(Exception failure) {
    if (failure instanceof SMTPAddressFailedException refused) {
      return refused.getReturnCode();
    }
    if (failure instanceof SMTPSenderFailedException refused) {
      return refused.getReturnCode();
    }
    return failure instanceof SMTPSendFailedException refused ? refused.getReturnCode() : 0;
  }

  /** Credentials are missing or wrong (RFC 4954): all messages wait until they are corrected. */
  private static boolean isLogIn(Exception failure, int code) {
    return failure instanceof AuthenticationFailedException || code == 530 || code == 535;
  }

  static Properties properties(SmtpSettings settings) {
    Properties properties = new Properties();
    String prefix = settings.security().equals("tls") ? "mail.smtps." : "mail.smtp.";
    properties.setProperty(prefix + "connectiontimeout", "5000");
    properties.setProperty(prefix + "timeout", "15000");
    properties.setProperty(prefix + "writetimeout", "15000");
    properties.setProperty(prefix + "auth", String.valueOf(!settings.username().isEmpty()));
    properties.setProperty(prefix + "ssl.checkserveridentity", "true");
    if (settings.security().equals("starttls")) {
      properties.setProperty(prefix + "starttls.enable", "true");
      properties.setProperty(prefix + "starttls.required", "true");
    }
    return properties;
  }
}
