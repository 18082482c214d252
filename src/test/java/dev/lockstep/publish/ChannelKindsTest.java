package dev.lockstep.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.SystemUnavailableException;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each kind of channel takes for a setting, and what it makes of a failure. */
final class ChannelKindsTest {
  private static final OutboundMessage MESSAGE =
      new OutboundMessage(
          new UUID(0, 1), "mail", "email", "cio@example.com", "Down", "text", "", Instant.EPOCH);

  private static EmailChannel email(String host, String password, String from, String security) {
    SmtpSettings settings = new SmtpSettings(host, 587, "lockstep", password, from, security);
    return new EmailChannel(settings, new PublishConfiguration().smtpSender(settings));
  }

  private static List<String> problemsOf(String url) {
    return ExampleKinds.all("mail.example.com")
        .get(1)
        .problems(new Channel("ops", "teams", List.of(), url));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "mail.example.com | Lockstep <a@example.com> | starttls | -",
        "localhost        | a@example.com | none     | -",
        "''               | ''            | never    | -",
        "mail.example.com | Lockstep      | starttls | LOCKSTEP_SMTP_FROM: 'Lockstep' is not a"
            + " sender",
        "mail.example.com | ''            | starttls | LOCKSTEP_SMTP_FROM: '' is not a sender",
        "mail.example.com | a@example.com | ssl      | LOCKSTEP_SMTP_SECURITY: 'ssl' is none of"
            + " starttls, tls, none",
        "mail.example.com | a@example.com | none     | LOCKSTEP_SMTP_SECURITY: with none, the"
            + " password would be sent in the clear",
      })
  void checksTheMailServer(String host, String from, String security, String problem) {
    List<String> problems = email(host, "hunter2", from, security).problems();
    if (problem == null) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems).singleElement().asString().startsWith(problem);
      assertThat(problems.get(0)).doesNotContain("hunter2");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann",
        "ann@",
        "Ann <ann@example.com>",
        "ann@example.com, bob@example.com",
        "ann@example.com\r\nBcc: eve@example.com",
        "ann@example.com\n",
        "",
        "ann@example .com",
        "team:ann@example.com;"
      })
  void oneAddressAndNothingElseIsAnAddress(String text) {
    assertThat(EmailChannel.isAddress(text)).isFalse();
    assertThat(EmailChannel.isAddress("ann.lee+ops@example.com")).isTrue();
  }

  @Test
  void whatTheServerRefusesWaitsForAnOperatorAndWhatMayPassDoesNot() {
    EmailChannel email = email("mail.example.com", "", "a@example.com", "starttls");
    assertThatThrownBy(() -> email.fail(failed(554), MESSAGE))
        .isInstanceOf(RequestRejectedException.class);
    MessagingException nested = new MessagingException("several");
    nested.setNextException(failed(550));
    assertThatThrownBy(() -> email.fail(nested, MESSAGE))
        .isInstanceOf(RequestRejectedException.class);
    for (Exception passing :
        List.of(
            failed(451),
            failed(530),
            failed(535),
            new AuthenticationFailedException("535 no"),
            new MessagingException("timed out"))) {
      assertThatThrownBy(() -> email.fail(passing, MESSAGE))
          .isInstanceOf(SystemUnavailableException.class)
          .hasMessageStartingWith("SMTP server mail.example.com:587 took no message");
    }
    assertThatThrownBy(() -> email("", "", "", "starttls").compose(MESSAGE))
        .isInstanceOf(RequestRejectedException.class)
        .hasMessageContaining("No mail server is set.");
  }

  private static SMTPSendFailedException failed(int code) {
    return new SMTPSendFailedException("DATA", code, code + " no", null, null, null, null);
  }

  @ParameterizedTest
  @CsvSource({
    "https://prod.example.com/workflows/1?sig=x, true",
    "http://localhost:8080/x, true",
    "http://127.0.0.1/x, true",
    "http://prod.example.com/x, false",
    "http://localhost.example.com/x, false",
    "https://user:secret@example.com/x, false",
    "ftp://example.com, false",
    "https:///x, false",
    "'not an address', false",
    "'', false"
  })
  void anAddressThatLetsAnyonePostIsNotSentInTheClear(String url, boolean isRight) {
    assertThat(problemsOf(url).isEmpty()).isEqualTo(isRight);
    assertThat(problemsOf(url).toString()).doesNotContain("secret");
  }
}
